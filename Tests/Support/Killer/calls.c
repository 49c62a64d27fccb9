// Which system calls change files. Only these are counted, so that a sweep over N = 1…K visits
// every state that a crash can leave on disk and no other.
#define _GNU_SOURCE
#include "killer.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/// How a call says what it changes.
enum shape {
    ALWAYS,     // nothing to look at
    PATH_0,     // the path is argument 0, 1, 2 or 3
    PATH_1,
    PATH_2,
    PATH_3,
    DESCRIPTOR, // argument 0 is an open file; counts only for regular files and folders
    COPY,       // the written file is argument 2
    OPEN,       // path, flags
    OPENAT,     // folder, path, flags
    OPENAT2,    // folder, path, struct open_how
    CREAT,
};

static const struct { long number; const char *name; enum shape shape; } calls[] = {
    {SYS_write, "write", DESCRIPTOR},
    {SYS_writev, "writev", DESCRIPTOR},
    {SYS_pwrite64, "pwrite64", DESCRIPTOR},
    {SYS_pwritev, "pwritev", DESCRIPTOR},
    {SYS_pwritev2, "pwritev2", DESCRIPTOR},
    {SYS_sendfile, "sendfile", DESCRIPTOR},
    {SYS_copy_file_range, "copy_file_range", COPY},
    {SYS_splice, "splice", COPY},
    {SYS_openat, "openat", OPENAT},
    {SYS_openat2, "openat2", OPENAT2},
    {SYS_renameat, "renameat", PATH_3},
    {SYS_renameat2, "renameat2", PATH_3},
    {SYS_linkat, "linkat", PATH_3},
    {SYS_symlinkat, "symlinkat", PATH_2},
    {SYS_unlinkat, "unlinkat", PATH_1},
    {SYS_mkdirat, "mkdirat", PATH_1},
    {SYS_mknodat, "mknodat", PATH_1},
    {SYS_fsync, "fsync", DESCRIPTOR},
    {SYS_fdatasync, "fdatasync", DESCRIPTOR},
    {SYS_syncfs, "syncfs", DESCRIPTOR},
    {SYS_sync, "sync", ALWAYS},
    {SYS_truncate, "truncate", PATH_0},
    {SYS_ftruncate, "ftruncate", DESCRIPTOR},
    {SYS_fallocate, "fallocate", DESCRIPTOR},
    {SYS_fchmod, "fchmod", DESCRIPTOR},
    {SYS_fchmodat, "fchmodat", PATH_1},
    {SYS_fchown, "fchown", DESCRIPTOR},
    {SYS_fchownat, "fchownat", PATH_1},
    {SYS_exit_group, "exit_group", ALWAYS},
#ifdef SYS_open
    // The older forms, which newer architectures do not have.
    {SYS_open, "open", OPEN},
    {SYS_creat, "creat", CREAT},
    {SYS_rename, "rename", PATH_1},
    {SYS_link, "link", PATH_1},
    {SYS_symlink, "symlink", PATH_1},
    {SYS_unlink, "unlink", PATH_0},
    {SYS_mkdir, "mkdir", PATH_0},
    {SYS_rmdir, "rmdir", PATH_0},
    {SYS_mknod, "mknod", PATH_0},
    {SYS_chmod, "chmod", PATH_0},
    {SYS_chown, "chown", PATH_0},
    {SYS_lchown, "lchown", PATH_0},
#endif
};

/// Devices and /proc are not state; the shared-memory folder is.
static bool is_state(const char *path) {
    if (strncmp(path, "/proc/", 6) == 0) return false;
    return strncmp(path, "/dev/", 5) != 0 || strncmp(path, "/dev/shm", 8) == 0;
}

static bool path_argument(pid_t pid, uint64_t address, char *object, size_t size) {
    ssize_t length = read_memory(pid, address, object, size - 1);
    object[length > 0 ? length : 0] = '\0';
    return is_state(object);
}

/// Output that a test sends to a file is not state either. The command shares our streams.
static bool is_standard_stream(const struct stat *file) {
    struct stat stream;
    for (int i = 0; i <= 2; i++) {
        if (fstat(i, &stream) != 0) continue;
        if (stream.st_dev == file->st_dev && stream.st_ino == file->st_ino) return true;
    }
    return false;
}

/// True for files and folders; pipes, sockets and terminals are somebody else's state.
static bool descriptor_argument(pid_t pid, int descriptor, char *object, size_t size) {
    char link[64];
    struct stat found;
    snprintf(link, sizeof link, "/proc/%d/fd/%d", (int)pid, descriptor);
    if (stat(link, &found) != 0) {
        // A closed descriptor, or a process this user may not look into: then only the
        // standard streams are left out.
        snprintf(object, size, "descriptor %d", descriptor);
        return descriptor > 2;
    }
    if (!S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode)) return false;
    if (is_standard_stream(&found)) return false;
    ssize_t length = readlink(link, object, size - 1);
    object[length > 0 ? length : 0] = '\0';
    return is_state(object);
}

static bool opens_for_change(uint64_t flags) {
    return (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0;
}

static bool counts(pid_t pid, enum shape shape, const uint64_t *a, char *object, size_t size) {
    switch (shape) {
    case ALWAYS: return true;
    case PATH_0: case CREAT: return path_argument(pid, a[0], object, size);
    case PATH_1: return path_argument(pid, a[1], object, size);
    case PATH_2: return path_argument(pid, a[2], object, size);
    case PATH_3: return path_argument(pid, a[3], object, size);
    case DESCRIPTOR: return descriptor_argument(pid, (int)a[0], object, size);
    case COPY: return descriptor_argument(pid, (int)a[2], object, size);
    case OPEN: return opens_for_change(a[1]) && path_argument(pid, a[0], object, size);
    case OPENAT: return opens_for_change(a[2]) && path_argument(pid, a[1], object, size);
    case OPENAT2: {
        struct open_how how = {0};
        ssize_t length = read_memory(pid, a[2], &how, sizeof how);
        if (length >= 8 && !opens_for_change(how.flags)) return false;
        return path_argument(pid, a[1], object, size);
    }
    }
    return false;
}

const char *state_change(pid_t pid, const struct call *call, char *object, size_t size) {
    object[0] = '\0';
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (calls[i].number != call->number) continue;
        return counts(pid, calls[i].shape, call->arguments, object, size) ? calls[i].name : NULL;
    }
    return NULL;
}
