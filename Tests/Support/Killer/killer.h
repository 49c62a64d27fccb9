// passel-killer runs a command under ptrace for the crash, fault and memory tests.
//
//   count          how many state-changing system calls the whole process tree makes
//   kill N         SIGKILL for the whole tree at the entry of the N-th of them
//   fail N ERRNO   the N-th of them fails with ERRNO instead of happening
//   scan FILE      search the first process's memory for canaries when it exits
//
// Standard input and output and the exit status of the command pass through.
#ifndef PASSEL_KILLER_H
#define PASSEL_KILLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

enum mode { MODE_COUNT, MODE_KILL, MODE_FAIL, MODE_SCAN };

struct options {
    enum mode mode;
    long target;             // N of kill and fail
    int error;               // the errno of fail
    bool list;               // report every counted call
    bool deny_unshare;       // unshare(2) fails in the command, as on hardened kernels
    bool last_line;          // only the canary file's last line counts, without escape sequences
    const char *canary_file; // read when the process exits, so it may be the command's own output
    FILE *report;
    char **command;
};

/// A system call at its entry: its number and arguments.
struct call {
    long number;
    uint64_t arguments[6];
};

/// The name of a call that changes files when `pid` makes it, or NULL. Its object, a path where
/// one is known, is written to `object`.
const char *state_change(pid_t pid, const struct call *call, char *object, size_t size);

/// Starts the command, already seized by this process with the given ptrace options.
pid_t start_command(const struct options *options, long ptrace_options);

/// Follows the tree to its end for count, kill and fail. Returns the command's exit status.
int follow_tree(const struct options *options);

/// Runs the command and scans its memory at its exit. Returns the command's exit status.
int scan_at_exit(const struct options *options);

/// Reads up to `size` bytes at `address` of another process's memory.
ssize_t read_memory(pid_t pid, uint64_t address, void *buffer, size_t size);

/// What a shell would call the wait status: the exit code, or 128 plus the signal.
int shell_status(int wait_status);

// Canary search (needles.c).
struct needles;
struct needles *load_needles(const char *file, bool last_line);
size_t longest_needle(const struct needles *needles);
/// The encoding of the needle that begins at `bytes`, or NULL.
const char *needle_at(const struct needles *needles, const uint8_t *bytes, size_t available);

#endif
