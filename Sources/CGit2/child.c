// Starting git for what goes over a network: limited, and ended with us. posix_spawn has neither.
#define _GNU_SOURCE
#include "CGit2.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void limit(int resource, unsigned long most) {
    struct rlimit now;
    if (getrlimit(resource, &now) < 0) return;
    if (now.rlim_max != RLIM_INFINITY && now.rlim_max < most) most = now.rlim_max;
    now.rlim_cur = now.rlim_max = most;
    setrlimit(resource, &now);
}

// Between fork and exec of a program with threads: only calls that signal handlers may make.
static void become(const struct passel_git_child *child, pid_t parent, int report) {
    if (child->apart) setsid();
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    // Ended before the line above.
    if (getppid() != parent) _exit(127);
    int null = open("/dev/null", O_RDONLY);
    if (null < 0 || dup2(null, 0) < 0 || dup2(child->output, 1) < 0 || dup2(child->error, 2) < 0)
        goto failed;
    // All others are closed by exec; what a library left open is closed here.
    for (int fd = 3; fd < 256; fd++)
        if (fd != report) close(fd);
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    limit(RLIMIT_DATA, child->memory);
    limit(RLIMIT_FSIZE, child->file);
    if (child->directory && chdir(child->directory) < 0) goto failed;
    execve(child->program, child->arguments, child->environment);
failed:;
    int code = errno;
    // Whoever reads it has ended if this fails.
    ssize_t ignored = write(report, &code, sizeof code);
    (void)ignored;
    _exit(127);
}

pid_t passel_git_start(const struct passel_git_child *child) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0) return -1;
    pid_t parent = getpid();
    // A signal handler of this program must not run in the child.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = fork();
    if (pid == 0) become(child, parent, ends[1]);
    int failure = pid < 0 ? errno : 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(ends[1]);
    if (!failure) {
        ssize_t count;
        do count = read(ends[0], &failure, sizeof failure);
        while (count < 0 && errno == EINTR);
        if (count != sizeof failure) failure = 0;
        if (failure) waitpid(pid, NULL, 0);
    }
    close(ends[0]);
    errno = failure;
    return failure ? -1 : pid;
}

int passel_git_watch(pid_t pid) {
#ifdef SYS_pidfd_open
    return (int)syscall(SYS_pidfd_open, pid, 0);
#else
    (void)pid;
    errno = ENOSYS;
    return -1;
#endif
}

int passel_git_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }
