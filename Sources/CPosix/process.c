#define _GNU_SOURCE
#include "CPosix.h"

#include <malloc.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

extern char **environ;

// glibc hands main's arguments to constructors. Swift looks for them behind `environ`, which a
// preloaded library that sets a variable has moved elsewhere.
static char **arguments;

__attribute__((constructor)) static void keep_arguments(int argc, char **argv) {
    (void)argc;
    arguments = argv;
}

char **passel_arguments(void) { return arguments; }

// What the process was before it was hardened, for a program that takes its place.
static const int touched[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGQUIT, SIGPIPE, SIGXFSZ};
enum { touched_count = sizeof touched / sizeof *touched };
static struct {
    int is_known;
    struct sigaction actions[touched_count];
    struct rlimit core;
    mode_t mask;
    int was_closed[3];
} before;

static void remember(void) {
    for (int i = 0; i < touched_count; i++) sigaction(touched[i], NULL, &before.actions[i]);
    getrlimit(RLIMIT_CORE, &before.core);
    before.mask = umask(077);
    umask(before.mask);
    for (int fd = 0; fd <= 2; fd++)
        before.was_closed[fd] = fcntl(fd, F_GETFD) < 0 && errno == EBADF;
    before.is_known = 1;
}

void passel_harden_process(void) {
    remember();
    // Swift's backtracer would print registers, and with them pieces of secrets.
    for (int i = 0; i < touched_count; i++) signal(touched[i], SIG_DFL);
    // The hard limit stays: a program that takes this one's place may want its core dumps.
    const struct rlimit none = {0, before.core.rlim_max};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    // gpgme writes plaintext into the file that this variable names.
    unsetenv("GPGME_DEBUG");
    // Memory comes from the kernel in few large pieces: a listing takes many small ones.
    mallopt(M_TOP_PAD, 1 << 20);
    // A closed standard stream would let the next file that we open take its number.
    for (int fd = 0; fd <= 2; fd++)
        if (before.was_closed[fd]) open("/dev/null", fd ? O_WRONLY : O_RDONLY);
    // Both are errors of the call that meets them, which then leads back.
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

int passel_become(const char *program, char *const argv[], char **environment) {
    if (before.is_known) {
        for (int i = 0; i < touched_count; i++) sigaction(touched[i], &before.actions[i], NULL);
        setrlimit(RLIMIT_CORE, &before.core);
        umask(before.mask);
        for (int fd = 0; fd <= 2; fd++)
            if (before.was_closed[fd]) fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    // As env(1): the new variables say where the program is.
    environ = environment;
    execvp(program, argv);
    return -1;
}

int passel_memory_file(void) {
    // Without the first flag a kernel may refuse, or warn of, a file that could be run.
    int fd = memfd_create("passel", MFD_NOEXEC_SEAL | MFD_ALLOW_SEALING);
    if (fd < 0 && errno == EINVAL) fd = memfd_create("passel", MFD_ALLOW_SEALING);
    return fd;
}

int passel_keep_memory_file(int fd) {
    if (fchmod(fd, 0400) < 0) return -1;
    if (fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0) return -1;
    // Scripts number their own from 3 to 9.
    return fcntl(fd, F_DUPFD, 10);
}

pid_t passel_spawn(
    const char *program, char *const argv[], char *const environment[], const char *directory,
    int input, int output, int error, int extra, int new_session) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t pid = -1;
    int failure = posix_spawn_file_actions_init(&actions);
    if (failure) goto done;
    failure = posix_spawnattr_init(&attributes);
    if (failure) goto free_actions;

    const int wanted[3] = {input, output, error};
    // dup2 onto itself clears close-on-exec, so an inherited stream is named too.
    for (int fd = 0; fd < 3 && !failure; fd++)
        failure = posix_spawn_file_actions_adddup2(&actions, wanted[fd] < 0 ? fd : wanted[fd], fd);
    if (!failure && extra >= 0) failure = posix_spawn_file_actions_adddup2(&actions, extra, 3);
    if (!failure)
        failure = posix_spawn_file_actions_addclosefrom_np(&actions, extra >= 0 ? 4 : 3);
    if (!failure && directory) failure = posix_spawn_file_actions_addchdir_np(&actions, directory);

    sigset_t defaults, mask;
    sigfillset(&defaults);
    sigdelset(&defaults, SIGKILL);
    sigdelset(&defaults, SIGSTOP);
    sigemptyset(&mask);
    if (!failure) failure = posix_spawnattr_setsigdefault(&attributes, &defaults);
    if (!failure) failure = posix_spawnattr_setsigmask(&attributes, &mask);
    if (!failure)
        failure = posix_spawnattr_setflags(
            &attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                             (new_session ? POSIX_SPAWN_SETSID : 0));
    if (!failure)
        failure = posix_spawnp(
            &pid, program, &actions, &attributes, argv, environment ? environment : environ);
    posix_spawnattr_destroy(&attributes);
free_actions:
    posix_spawn_file_actions_destroy(&actions);
done:
    if (failure) {
        errno = failure;
        return -1;
    }
    return pid;
}

int passel_wait(pid_t pid) {
    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

char **passel_environment(void) { return environ; }

int passel_errno(void) { return errno; }
