#define _GNU_SOURCE
#include "CPosix.h"

#include <getopt.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

int passel_getopt(
    int argc, char *argv[], const char *short_options, const struct passel_option *options,
    int option_count, void *context, void (*found)(void *context, int letter, const char *argument)) {
    struct option *table = calloc((size_t)option_count + 1, sizeof *table);
    if (!table) return -1;
    for (int i = 0; i < option_count; i++) {
        table[i].name = options[i].name;
        table[i].has_arg = options[i].argument;
        table[i].val = options[i].letter;
    }
    int letter, bad = 0;
    optind = 0;  // 0, not 1: glibc then forgets what an earlier parse left behind.
    opterr = 1;
    while ((letter = getopt_long(argc, argv, short_options, table, NULL)) != -1) {
        if (letter == '?') bad = 1;
        else found(context, letter, optarg);
    }
    free(table);
    return bad ? -1 : optind;
}

int passel_collate(const char *a, const char *b) { return strcoll(a, b); }

const char *passel_use_locale(void) {
    // Every further category is a file that is opened and mapped.
    setlocale(LC_CTYPE, "");
    setlocale(LC_COLLATE, "");
    return nl_langinfo(CODESET);
}
