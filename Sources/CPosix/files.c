#define _GNU_SOURCE
#include "CPosix.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

int passel_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }

int passel_find_folder(const char *path) { return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC); }

int passel_unnamed_file(const char *folder) {
    return open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
}

int passel_name_file(int fd, const char *path) {
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    return linkat(AT_FDCWD, link, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
}

int passel_names(int dirfd, void *context, void (*found)(void *context, struct passel_name name)) {
    static _Thread_local _Alignas(struct dirent64) char buffer[32768];
    for (;;) {
        const long filled = syscall(SYS_getdents64, dirfd, buffer, sizeof buffer);
        if (filled <= 0) return (int)filled;
        for (long offset = 0; offset < filled;) {
            const struct dirent64 *entry = (const struct dirent64 *)(buffer + offset);
            offset += entry->d_reclen;
            const char *name = entry->d_name;
            if (name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]))) continue;
            found(context, (struct passel_name){(const uint8_t *)name, strlen(name), entry->d_type});
        }
    }
}

int passel_syncfs(int fd) { return syncfs(fd); }

int passel_exchange(const char *one, const char *other) {
    return renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE);
}

int passel_socket_pair(int ends[2]) {
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
}

int passel_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

static int write_line(const char *path, const char *line) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    ssize_t written = write(fd, line, strlen(line));
    int failure = errno;
    close(fd);
    errno = failure;
    return written == (ssize_t)strlen(line) ? 0 : -1;
}

int passel_private_tmpfs(const char *mountpoint) {
    const uid_t uid = geteuid();
    const gid_t gid = getegid();
    // Root in a container may lack the privilege, but may still have a user namespace.
    if (uid != 0 || unshare(CLONE_NEWNS) < 0) {
        char line[64];
        if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0) return -1;
        // The group map may be written only once setgroups is given up (user_namespaces(7)).
        if (write_line("/proc/self/setgroups", "deny") < 0 && errno != ENOENT) return -1;
        snprintf(line, sizeof line, "%u %u 1", uid, uid);
        if (write_line("/proc/self/uid_map", line) < 0) return -1;
        snprintf(line, sizeof line, "%u %u 1", gid, gid);
        if (write_line("/proc/self/gid_map", line) < 0) return -1;
    }
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) return -1;
    return mount("tmpfs", mountpoint, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0700,size=64m");
}

int passel_is_on_network(const char *path) {
    struct statfs status;
    if (statfs(path, &status) != 0) return 1;
    // statfs(2): NFS, SMB, CIFS, SMB2, AFS, Coda, Ceph, 9P, FUSE.
    static const uint32_t magic[] = {
        0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x5346414f, 0x73757245, 0x00c36400, 0x01021997, 0x65735546,
    };
    for (size_t i = 0; i < sizeof magic / sizeof *magic; i++) {
        if ((uint32_t)status.f_type == magic[i]) return 1;
    }
    return 0;
}
