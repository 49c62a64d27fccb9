// What Swift's Glibc module hides: variadic calls, feature-test-macro functions, raw system calls.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// One long option: its name, whether it takes an argument (0 no, 1 required, 2 optional), and the
/// short letter that it stands for.
struct passel_option {
    const char *name;
    int argument;
    int letter;
};

/// Parses `argv` as getopt(1) does, printing diagnostics prefixed by `argv[0]` to standard error.
///
/// For every option `found` is called with its letter and its argument or NULL. Operands are moved to
/// the end of `argv`, as glibc does. Returns the index of the first operand, or -1 when at least one
/// option was bad.
int passel_getopt(
    int argc, char *argv[], const char *short_options, const struct passel_option *options,
    int option_count, void *context, void (*found)(void *context, int letter, const char *argument));

/// Opens a pseudo-terminal pair; 0 or -1 with errno.
int passel_open_pty(int *master, int *slave);

/// The arguments of main, ended by NULL.
char **passel_arguments(void);

/// First lines of main: umask stays, crash signals are default, no core dumps, not dumpable.
void passel_harden_process(void);

/// Lets `program` take the place of this process: the same process id, and signals, umask and limits as
/// they were before `passel_harden_process`. Looked up as execvp(3) does, by the PATH of `environment`.
/// Returns only when it cannot be run: -1 with errno.
int passel_become(const char *program, char *const argv[], char **environment);

/// A file in memory only, to be written; it outlives exec. -1 with errno.
int passel_memory_file(void);

/// Seals such a file, mode 0400, and gives a second descriptor of it, from 10 on; -1 with errno.
int passel_keep_memory_file(int fd);

/// Leaves for a private mount namespace (and, without privileges, a user namespace that maps this user
/// to itself) and mounts an empty tmpfs with mode 0700 on `mountpoint`; -1 with errno when the kernel
/// forbids it.
int passel_private_tmpfs(const char *mountpoint);

/// Turns echo of the terminal on `fd` off (`on` = 0) or back on, with the original settings restored by
/// a signal handler when SIGINT, SIGTERM, SIGHUP or SIGQUIT ends the process; -1 with errno.
int passel_terminal_echo(int fd, int on);

/// A file of mode 0600 in `folder` that has no name, so that nothing is left of it when its maker ends;
/// -1 with errno, EOPNOTSUPP, EISDIR or ENOENT where the file system has none.
int passel_unnamed_file(const char *folder);

/// Gives a file without a name its first one; -1 with errno, EEXIST when somebody else has it.
int passel_name_file(int fd, const char *path);

/// A name in an open folder.
struct passel_name {
    const uint8_t *bytes;
    size_t count;
    /// DT_DIR and the like; DT_UNKNOWN where the file system does not say.
    int type;
};

/// Calls `found` for each name in the open folder, `.` and `..` left out; the bytes end in NUL and are
/// valid during the call. `found` must not read folders itself. Half as dear as readdir(3), which asks
/// for the folder's status and allocates 32 KiB for each. 0 or -1 with errno.
int passel_names(int dirfd, void *context, void (*found)(void *context, struct passel_name name));

/// syncfs(2).
int passel_syncfs(int fd);

/// Two names in one file system change places, in one step: 0, or -1 with errno, EINVAL where the file
/// system cannot do it.
int passel_exchange(const char *one, const char *other);

/// A connected pair of stream sockets, both closed by exec.
int passel_socket_pair(int ends[2]);

/// pipe2(2) with O_CLOEXEC.
int passel_pipe(int ends[2]);

/// open(2) with a mode; Swift does not import the variadic form on every platform.
int passel_open(const char *path, int flags, mode_t mode);

/// open(2) of a folder with O_PATH, which Glibc does not tell Swift of.
int passel_find_folder(const char *path);

/// Runs `program` with `argv` and `environment` in the directory `directory` (NULL: here), with the
/// descriptors `input`, `output` and `error` (-1: inherited) as its first three and all others closed.
/// With `new_session` it becomes the leader of a session of its own. Default signal dispositions.
/// Returns the process id or -1 with errno.
pid_t passel_spawn(
    const char *program, char *const argv[], char *const environment[], const char *directory,
    int input, int output, int error, int extra, int new_session);

/// Exit status of a waited-for process as a shell reports it: its code, or 128 + signal.
int passel_wait(pid_t pid);

/// The process's environment, as execve takes it.
char **passel_environment(void);

/// The error number of the last call that failed on this thread.
int passel_errno(void);

/// glibc's strcoll on bytes, under the locale set by passel_use_locale.
int passel_collate(const char *a, const char *b);

/// setlocale(LC_ALL, ""); the codeset of the locale, such as "UTF-8".
const char *passel_use_locale(void);

/// Whether the file system of a file is one that other machines may use at the same time, or that a
/// program stands behind; 1 also where that cannot be told.
int passel_is_on_network(const char *path);
