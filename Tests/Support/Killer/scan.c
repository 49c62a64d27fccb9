// Searching a process's memory for canaries at the last moment it has any.
#define _GNU_SOURCE
#include "killer.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHUNK (1 << 20)
/// Reservations without access rights are scanned too (a library may lock its secrets away
/// instead of wiping them), but not the huge ones that only hold address space.
#define LARGEST_RESERVATION (64 << 20)

struct mapping {
    unsigned long start, end;
    char rights[5];
    char name[256];
};

static void write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    ssize_t written = write(file, text, strlen(text));
    (void)written; // Without it the scan is refused later, and says so.
    close(file);
}

/// The memory of a process that made itself undumpable is open only to those who have privileges
/// over its user namespace. Without root, a namespace of our own gives them, under the same ids.
static void become_privileged_over_children(void) {
    if (geteuid() == 0) return;
    char map[64];
    unsigned user = geteuid(), group = getegid();
    if (unshare(CLONE_NEWUSER) != 0) return;
    write_file("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "%u %u 1", user, user);
    write_file("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "%u %u 1", group, group);
    write_file("/proc/self/gid_map", map);
}

/// Reads through /proc/PID/mem, or without it (`memory` -1): its file belongs to root once the
/// process is not dumpable, while the call below asks for rights over the namespace only. It does
/// not reach pages without read permission.
static ssize_t read_piece(int memory, pid_t pid, void *buffer, size_t size, unsigned long at) {
    if (memory >= 0) return pread(memory, buffer, size, (off_t)at);
    return read_memory(pid, at, buffer, size);
}

/// Counts the places of one mapping that hold a piece of a canary. Pieces that follow one another
/// are one place: a whole copy counts once, however many windows it has.
static long scan_mapping(const struct options *options, pid_t pid, int memory,
                         const struct mapping *mapping, const struct needles *needles,
                         uint8_t *buffer, unsigned long *scanned) {
    size_t overlap = longest_needle(needles) - 1;
    unsigned long last_hit = 0;
    const char *last_form = NULL;
    long hits = 0;
    for (unsigned long at = mapping->start; at < mapping->end; at += CHUNK) {
        size_t want = mapping->end - at < CHUNK + overlap ? mapping->end - at : CHUNK + overlap;
        ssize_t length = read_piece(memory, pid, buffer, want, at);
        if (length <= 0) continue;
        size_t starts = (size_t)length < CHUNK ? (size_t)length : CHUNK;
        *scanned += starts;
        for (size_t i = 0; i < starts; i++) {
            const char *form = needle_at(needles, buffer + i, (size_t)length - i);
            if (!form) continue;
            if (form != last_form || at + i != last_hit + 1) {
                hits++;
                fprintf(options->report, "hit %s 0x%lx %s %s\n", form, at + i, mapping->rights,
                        mapping->name);
            }
            last_form = form;
            last_hit = at + i;
        }
    }
    return hits;
}

static void scan_process(const struct options *options, pid_t pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    FILE *maps = fopen(path, "re");
    snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
    int memory = open(path, O_RDONLY | O_CLOEXEC);
    if (!maps) {
        fprintf(options->report, "hits unknown: %s\n", strerror(errno));
        return;
    }
    struct needles *needles = load_needles(options->canary_file, options->last_line);
    uint8_t *buffer = malloc(CHUNK + 64);
    if (!buffer) abort();
    char line[512];
    long hits = 0;
    unsigned long scanned = 0;
    while (fgets(line, sizeof line, maps)) {
        struct mapping mapping = {0};
        int fields = sscanf(line, "%lx-%lx %4s %*s %*s %*s %255[^\n]", &mapping.start,
                            &mapping.end, mapping.rights, mapping.name);
        unsigned long size = mapping.end - mapping.start;
        if (fields < 3 || strncmp(mapping.name, "[v", 2) == 0) continue;
        if (mapping.rights[0] != 'r' && size > LARGEST_RESERVATION) continue;
        hits += scan_mapping(options, pid, memory, &mapping, needles, buffer, &scanned);
    }
    // A number of hits means something only if there was something to search.
    if (scanned == 0) fputs("hits unknown: no memory could be read\n", options->report);
    else fprintf(options->report, "scanned %lu KiB\nhits %ld\n", scanned / 1024, hits);
    fflush(options->report);
    fclose(maps);
    if (memory >= 0) close(memory);
}

int scan_at_exit(const struct options *options) {
    become_privileged_over_children();
    // No fork is followed: the children (gpg, an editor) hold plaintext of their own.
    pid_t root = start_command(options, PTRACE_O_EXITKILL | PTRACE_O_TRACEEXIT);
    int status;
    for (;;) {
        pid_t pid = waitpid(-1, &status, __WALL);
        if (pid < 0 && errno == EINTR) continue;
        if (pid < 0) return 125;
        if (!WIFSTOPPED(status)) {
            if (pid == root) return shell_status(status);
            continue;
        }
        int signal = WSTOPSIG(status), event = status >> 16;
        if (event == PTRACE_EVENT_EXIT) {
            scan_process(options, pid);
        } else if (event == PTRACE_EVENT_STOP && signal != SIGTRAP) {
            ptrace(PTRACE_LISTEN, pid, NULL, NULL);
            continue;
        }
        ptrace(PTRACE_CONT, pid, NULL, (void *)(long)(event == 0 ? signal : 0));
    }
}
