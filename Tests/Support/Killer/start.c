// Starting the command under ptrace, and looking into a traced process.
#define _GNU_SOURCE
#include "killer.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what) {
    fprintf(stderr, "passel-killer: %s: %s\n", what, strerror(errno));
    exit(125);
}

/// Makes unshare(2) answer EPERM from here on, also in every child.
static void deny_unshare(void) {
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_unshare, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0) return;
    // Without privileges the kernel wants this promise first.
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) fail("seccomp");
}

pid_t start_command(const struct options *options, long ptrace_options) {
    int gate[2];
    if (pipe2(gate, O_CLOEXEC) != 0) fail("pipe");
    pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
        char seized;
        close(gate[1]);
        if (read(gate[0], &seized, 1) != 1) _exit(125);
        if (options->deny_unshare) deny_unshare();
        execvp(options->command[0], options->command);
        fprintf(stderr, "passel-killer: %s: %s\n", options->command[0], strerror(errno));
        _exit(127);
    }
    // Ctrl-C reaches the command by itself; this process must stay to follow it.
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    if (ptrace(PTRACE_SEIZE, child, NULL, ptrace_options) != 0) {
        int reason = errno;
        kill(child, SIGKILL);
        errno = reason;
        fail("ptrace");
    }
    close(gate[0]);
    if (write(gate[1], "", 1) != 1) fail("gate");
    close(gate[1]);
    return child;
}

ssize_t read_memory(pid_t pid, uint64_t address, void *buffer, size_t size) {
    // A read that ends in an unmapped page answers with what lies before that page, but only
    // between pieces: so ask for the first page's rest and for what follows separately.
    size_t page = 4096, first = page - address % page;
    if (first > size) first = size;
    struct iovec local = {buffer, size};
    struct iovec remote[2] = {
        {(void *)(uintptr_t)address, first},
        {(void *)(uintptr_t)(address + first), size - first},
    };
    return process_vm_readv(pid, &local, 1, remote, first < size ? 2 : 1, 0);
}

int shell_status(int status) {
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
