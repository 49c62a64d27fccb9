#define _GNU_SOURCE
#include "CPosix.h"

#include <malloc.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

// glibc hands main's arguments to constructors. Swift looks for them behind `environ`, which a
// preloaded library that sets a variable has moved elsewhere.
static char **arguments;

__attribute__((constructor)) static void keep_arguments(int argc, char **argv) {
    (void)argc;
    arguments = argv;
}

char **passel_arguments(void) { return arguments; }

void passel_harden_process(void) {
    // Swift's backtracer would print registers, and with them pieces of secrets.
    const int crashes[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGQUIT};
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++) signal(crashes[i], SIG_DFL);
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    // gpgme writes plaintext into the file that this variable names.
    unsetenv("GPGME_DEBUG");
    // Memory comes from the kernel in few large pieces: a listing takes many small ones.
    mallopt(M_TOP_PAD, 1 << 20);
    // A closed standard stream would let the next file that we open take its number.
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF) open("/dev/null", fd ? O_WRONLY : O_RDONLY);
    // Both are errors of the call that meets them, which then leads back.
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
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
