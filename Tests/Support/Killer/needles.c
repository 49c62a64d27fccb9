// The canaries, and what a piece of one looks like in memory: as it is, in base64 at each of the
// three alignments, and in hexadecimal.
#define _GNU_SOURCE
#include "killer.h"

#include <stdlib.h>
#include <string.h>

/// A piece this long counts: shorter ones may occur by chance, longer ones would miss the rest of
/// a copy that is partly overwritten.
#define WINDOW 20
#define SHORTEST 8
#define BUCKETS 65536

struct needle {
    uint8_t bytes[WINDOW];
    size_t length;
    const char *form;
    int next; // in the same bucket, or -1
};

struct needles {
    struct needle *all;
    int count;
    int first[BUCKETS];
};

/// The bucket of the first four bytes.
static unsigned bucket(const uint8_t *bytes) {
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return (word * 2654435761u) >> 16;
}

static void add(struct needles *needles, const uint8_t *bytes, size_t length, const char *form) {
    if (needle_at(needles, bytes, length)) return;
    needles->all = realloc(needles->all, (size_t)(needles->count + 1) * sizeof *needles->all);
    if (!needles->all) abort();
    struct needle *needle = &needles->all[needles->count];
    memcpy(needle->bytes, bytes, length);
    needle->length = length;
    needle->form = form;
    needle->next = needles->first[bucket(bytes)];
    needles->first[bucket(bytes)] = needles->count++;
}

static void add_windows(struct needles *n, const uint8_t *text, size_t length, const char *form) {
    size_t window = length < WINDOW ? length : WINDOW;
    if (window < SHORTEST) return;
    for (size_t i = 0; i + window <= length; i++) add(n, text + i, window, form);
}

static void add_hexadecimal(struct needles *n, const uint8_t *text, size_t length,
                            const char *digits) {
    uint8_t *out = malloc(2 * length);
    if (!out) abort();
    for (size_t i = 0; i < length; i++) {
        out[2 * i] = (uint8_t)digits[text[i] >> 4];
        out[2 * i + 1] = (uint8_t)digits[text[i] & 15];
    }
    add_windows(n, out, 2 * length, "hex");
    free(out);
}

/// Whole groups of three bytes, from each alignment: these characters are the same whatever
/// stands before and after the canary.
static void add_base64(struct needles *n, const uint8_t *text, size_t length,
                       const char *last_two) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    uint8_t *out = malloc(length / 3 * 4 + 4);
    if (!out) abort();
    for (size_t start = 0; start < 3 && start < length; start++) {
        size_t used = 0;
        for (size_t i = start; i + 3 <= length; i += 3) {
            uint32_t group = (uint32_t)text[i] << 16 | (uint32_t)text[i + 1] << 8 | text[i + 2];
            for (int shift = 18; shift >= 0; shift -= 6) {
                unsigned digit = group >> shift & 63;
                out[used++] = (uint8_t)(digit < 62 ? letters[digit] : last_two[digit - 62]);
            }
        }
        add_windows(n, out, used, "base64");
    }
    free(out);
}

static void add_canary(struct needles *needles, const uint8_t *text, size_t length) {
    add_windows(needles, text, length, "raw");
    add_base64(needles, text, length, "+/");
    add_base64(needles, text, length, "-_");
    add_hexadecimal(needles, text, length, "0123456789abcdef");
    add_hexadecimal(needles, text, length, "0123456789ABCDEF");
}

/// Removes terminal escape sequences (ESC [ … letter) in place. Returns the new length.
static size_t without_escapes(uint8_t *text, size_t length) {
    size_t kept = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == 0x1b && i + 1 < length && text[i + 1] == '[') {
            for (i += 2; i < length && (text[i] < '@' || text[i] > '~');) i++;
        } else {
            text[kept++] = text[i];
        }
    }
    return kept;
}

struct needles *load_needles(const char *file, bool last_line) {
    struct needles *needles = calloc(1, sizeof *needles);
    FILE *input = fopen(file, "re");
    if (!needles || !input) {
        perror(file);
        exit(125);
    }
    for (int i = 0; i < BUCKETS; i++) needles->first[i] = -1;
    char *line = NULL, *last = NULL;
    size_t size = 0, last_length = 0;
    ssize_t length;
    while ((length = getline(&line, &size, input)) >= 0) {
        size_t clean = without_escapes((uint8_t *)line, (size_t)length);
        while (clean > 0 && (line[clean - 1] == '\n' || line[clean - 1] == '\r')) clean--;
        if (clean == 0) continue;
        if (!last_line) {
            add_canary(needles, (uint8_t *)line, clean);
        } else {
            free(last);
            last = malloc(clean);
            if (!last) abort();
            memcpy(last, line, clean);
            last_length = clean;
        }
    }
    if (last) add_canary(needles, (uint8_t *)last, last_length);
    free(last);
    free(line);
    fclose(input);
    if (needles->count == 0) {
        fprintf(stderr, "passel-killer: %s holds no canary of %d bytes\n", file, SHORTEST);
        exit(125);
    }
    return needles;
}

size_t longest_needle(const struct needles *needles) {
    size_t longest = 0;
    for (int i = 0; i < needles->count; i++)
        if (needles->all[i].length > longest) longest = needles->all[i].length;
    return longest;
}

const char *needle_at(const struct needles *needles, const uint8_t *bytes, size_t available) {
    if (available < SHORTEST) return NULL;
    for (int i = needles->first[bucket(bytes)]; i >= 0; i = needles->all[i].next) {
        const struct needle *needle = &needles->all[i];
        if (needle->length <= available && memcmp(needle->bytes, bytes, needle->length) == 0)
            return needle->form;
    }
    return NULL;
}
