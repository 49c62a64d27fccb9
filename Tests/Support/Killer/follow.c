// Following a whole process tree through its system calls: count, kill, fail.
#define _GNU_SOURCE
#include "killer.h"

#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

/// The threads being followed, so that all of them can be killed at once.
static struct thread { pid_t id; bool failing; } *threads;
static size_t thread_count;

static struct thread *thread_of(pid_t id) {
    for (size_t i = 0; i < thread_count; i++)
        if (threads[i].id == id) return &threads[i];
    threads = realloc(threads, (thread_count + 1) * sizeof *threads);
    if (!threads) abort();
    threads[thread_count] = (struct thread){.id = id};
    return &threads[thread_count++];
}

static void forget(pid_t id) {
    for (size_t i = 0; i < thread_count; i++)
        if (threads[i].id == id) threads[i] = threads[--thread_count];
}

static void program_name(pid_t pid, char *name, size_t size) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/%d/exe", (int)pid);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length > 0 ? length : 0] = '\0';
    const char *slash = strrchr(path, '/');
    snprintf(name, size, "%s", slash ? slash + 1 : path);
}

/// GnuPG's daemons outlive the command and are shared by others: they are not part of its tree.
static bool is_daemon(pid_t pid) {
    static const char *const daemons[] = {"gpg-agent", "scdaemon", "dirmngr", "keyboxd"};
    char name[NAME_MAX + 1];
    program_name(pid, name, sizeof name);
    for (size_t i = 0; i < sizeof daemons / sizeof *daemons; i++)
        if (strcmp(name, daemons[i]) == 0) return true;
    return false;
}

/// At the entry of a call: let the kernel do nothing instead.
static void skip_call(pid_t pid) {
#if defined(__x86_64__)
    struct user_regs_struct registers;
    ptrace(PTRACE_GETREGS, pid, NULL, &registers);
    registers.orig_rax = (unsigned long long)-1;
    ptrace(PTRACE_SETREGS, pid, NULL, &registers);
#elif defined(__aarch64__)
    int nothing = -1;
    struct iovec value = {&nothing, sizeof nothing};
    ptrace(PTRACE_SETREGSET, pid, (void *)NT_ARM_SYSTEM_CALL, &value);
#else
#error "passel-killer knows the registers of x86_64 and aarch64 only"
#endif
}

/// At the exit of a call: what the program sees as its result.
static void set_result(pid_t pid, long result) {
    struct user_regs_struct registers;
    struct iovec value = {&registers, sizeof registers};
    ptrace(PTRACE_GETREGSET, pid, (void *)NT_PRSTATUS, &value);
#if defined(__x86_64__)
    registers.rax = (unsigned long long)result;
#elif defined(__aarch64__)
    registers.regs[0] = (unsigned long long)result;
#endif
    ptrace(PTRACE_SETREGSET, pid, (void *)NT_PRSTATUS, &value);
}

static void kill_tree(void) {
    for (size_t i = 0; i < thread_count; i++) kill(threads[i].id, SIGKILL);
}

static void describe(const struct options *options, const char *verb, long number, pid_t pid,
                     const char *call, const char *object) {
    char program[NAME_MAX + 1];
    program_name(pid, program, sizeof program);
    fprintf(options->report, "%s %ld %s %s %s\n", verb, number, program, call, object);
}

/// A stop at a call's entry or exit. Returns true when the whole tree has just been killed.
static bool at_call(const struct options *options, pid_t pid, long *count) {
    struct __ptrace_syscall_info info;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) <= 0) return false;
    if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
        struct thread *thread = thread_of(pid);
        if (thread->failing) set_result(pid, -options->error);
        thread->failing = false;
        return false;
    }
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY) return false;

    struct call call = {.number = (long)info.entry.nr};
    memcpy(call.arguments, info.entry.args, sizeof call.arguments);
    char object[PATH_MAX];
    const char *name = state_change(pid, &call, object, sizeof object);
    if (!name) return false;
    // Ending cannot fail, so it has no number among the calls that can.
    if (options->mode == MODE_FAIL && strcmp(name, "exit_group") == 0) return false;
    *count += 1;
    if (options->list) describe(options, "call", *count, pid, name, object);
    if (*count != options->target) return false;
    if (options->mode == MODE_KILL) {
        describe(options, "killed", *count, pid, name, object);
        kill_tree();
        return true;
    }
    describe(options, "failed", *count, pid, name, object);
    skip_call(pid);
    thread_of(pid)->failing = true;
    return false;
}

static bool is_stop_signal(int signal) {
    return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

int follow_tree(const struct options *options) {
    pid_t root = start_command(
        options, PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK
                     | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC);
    thread_of(root);
    long count = 0;
    bool started = false, killed = false;
    int root_status = 125 << 8, status;
    for (;;) {
        pid_t pid = waitpid(-1, &status, __WALL);
        if (pid < 0 && errno == EINTR) continue;
        if (pid < 0) break;
        if (!WIFSTOPPED(status)) {
            if (pid == root) root_status = status;
            forget(pid);
            continue;
        }
        if (killed) {
            // A child that was being made while the tree was killed.
            kill(pid, SIGKILL);
            continue;
        }
        int signal = WSTOPSIG(status), event = status >> 16, deliver = 0;
        thread_of(pid);
        if (signal == (SIGTRAP | 0x80)) {
            // What happens before the command's own exec is ours, not the command's.
            if (started) killed = at_call(options, pid, &count);
            if (killed) continue;
        } else if (event == PTRACE_EVENT_EXEC) {
            started = true;
            if (pid != root && is_daemon(pid)) {
                ptrace(PTRACE_DETACH, pid, NULL, NULL);
                forget(pid);
                continue;
            }
        } else if (event == PTRACE_EVENT_STOP && is_stop_signal(signal)) {
            ptrace(PTRACE_LISTEN, pid, NULL, NULL);
            continue;
        } else if (event == 0) {
            deliver = signal;
        }
        ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(long)deliver);
    }
    if (options->mode == MODE_COUNT || !killed) fprintf(options->report, "count %ld\n", count);
    fflush(options->report);
    return shell_status(root_status);
}
