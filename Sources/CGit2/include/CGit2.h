#pragma once
#include <git2.h>
#include <sys/types.h>

// Swift does not import variadic functions.
int passel_git_enable_fsync(int enabled);
int passel_git_forget_system_configuration(void);

/// From now on the certificate authorities in `file` are trusted; read by the real library.
int passel_git_trust_authorities(const char *file);

/// The most objects that a pack from elsewhere may have.
int passel_git_limit_objects(size_t count);

/// What a program may use, and how it is tied to this one.
struct passel_git_child {
    const char *program;
    char *const *arguments;
    char *const *environment;
    const char *directory;
    int output;
    int error;
    /// Whether it leads a session of its own, away from the terminal.
    int apart;
    /// The most private memory of each process, and the size of each file written; in bytes.
    unsigned long memory;
    unsigned long file;
};

/// Starts a program that gets SIGTERM when the calling thread ends. Its id, or -1 with errno.
pid_t passel_git_start(const struct passel_git_child *child);

/// A descriptor that is readable once the process has ended; -1 where the kernel has none.
int passel_git_watch(pid_t pid);

/// pipe2(2) with O_CLOEXEC.
int passel_git_pipe(int ends[2]);
