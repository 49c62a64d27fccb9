#define _GNU_SOURCE
#include "CPosix.h"

#include <alloca.h>
#include <string.h>

__attribute__((noinline)) void passel_scrub_stack(size_t byte_count) {
    explicit_bzero(alloca(byte_count), byte_count);
}
