// The command line: MODE [OPTIONS] -- COMMAND…
#define _GNU_SOURCE
#include "killer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void usage(void) {
    fputs("usage: passel-killer count [-v] [-U] [-o REPORT] -- COMMAND...\n"
          "       passel-killer kill N [-U] [-o REPORT] -- COMMAND...\n"
          "       passel-killer fail N ERRNO [-U] [-o REPORT] -- COMMAND...\n"
          "       passel-killer scan CANARYFILE [-l] [-o REPORT] -- COMMAND...\n"
          "  -o  write the report there instead of to standard error\n"
          "  -v  report every counted call\n"
          "  -U  let unshare(2) fail in the command\n"
          "  -l  the canary is the last line of the file, which may be the command's output\n",
          stderr);
    exit(64);
}

static int error_number(const char *name) {
    static const struct { const char *name; int number; } known[] = {
        {"ENOSPC", ENOSPC}, {"EIO", EIO}, {"EROFS", EROFS}, {"EDQUOT", EDQUOT},
        {"EMFILE", EMFILE}, {"EACCES", EACCES}, {"EINTR", EINTR},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(name, known[i].name) == 0) return known[i].number;
    return atoi(name);
}

static long positive(const char *text) {
    char *end;
    long value = text ? strtol(text, &end, 10) : 0;
    if (value < 1 || *end) usage();
    return value;
}

int main(int argc, char **argv) {
    struct options options = {.report = stderr};
    if (argc < 2) usage();
    char **next = argv + 2;
    if (strcmp(argv[1], "count") == 0) {
        options.mode = MODE_COUNT;
    } else if (strcmp(argv[1], "kill") == 0) {
        options.mode = MODE_KILL;
        options.target = positive(*next++);
    } else if (strcmp(argv[1], "fail") == 0) {
        options.mode = MODE_FAIL;
        options.target = positive(*next++);
        options.error = *next ? error_number(*next++) : 0;
        if (options.error < 1) usage();
    } else if (strcmp(argv[1], "scan") == 0) {
        options.mode = MODE_SCAN;
        options.canary_file = *next ? *next++ : NULL;
        if (!options.canary_file) usage();
    } else {
        usage();
    }

    for (; *next && strcmp(*next, "--") != 0; next++) {
        if (strcmp(*next, "-v") == 0) {
            options.list = true;
        } else if (strcmp(*next, "-U") == 0) {
            options.deny_unshare = true;
        } else if (strcmp(*next, "-l") == 0) {
            options.last_line = true;
        } else if (strcmp(*next, "-o") == 0 && next[1]) {
            // "e": the command must not inherit the report.
            options.report = fopen(*++next, "we");
            if (!options.report) {
                perror(*next);
                return 64;
            }
        } else {
            usage();
        }
    }
    if (!*next || !next[1]) usage();
    options.command = next + 1;
    return options.mode == MODE_SCAN ? scan_at_exit(&options) : follow_tree(&options);
}
