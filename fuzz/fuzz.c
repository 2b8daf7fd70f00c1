/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fuzz.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- choices --------------------------------------------------------------------------------- */

uint8_t take_byte(input *in) {
    if (in->size == 0)
        return 0;
    in->size--;
    return *in->data++;
}

uint64_t take_number(input *in, size_t bytes) {
    uint64_t number = 0;
    for (size_t i = 0; i < bytes; i++)
        number |= (uint64_t)take_byte(in) << 8 * i;
    return number;
}

unsigned take_below(input *in, unsigned bound) {
    return take_byte(in) % bound;
}

/* ---- memory ---------------------------------------------------------------------------------- */

static char *area_begin(unsigned area) {
    static char *areas[AREAS];
    if (area >= AREAS)
        abort();
    if (!areas[area]) {
        size_t page = (size_t)sysconf(_SC_PAGESIZE);
        char *map = mmap(NULL, AREA_SIZE + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (map == MAP_FAILED || mprotect(map + page, AREA_SIZE, PROT_READ | PROT_WRITE) != 0) {
            perror("fuzz: no memory");
            abort();
        }
        areas[area] = map + page;
    }
    return areas[area];
}

char *area_at_end(unsigned area, size_t size) {
    if (size > AREA_SIZE)
        fail(NULL, 0, "%zu bytes requested of an area of %zu", size, AREA_SIZE);
    return area_begin(area) + AREA_SIZE - size;
}

char *area_at_start(unsigned area, size_t size) {
    return area_at_end(area, size) - (AREA_SIZE - size);
}

char *area_copy_at_end(unsigned area, const void *bytes, size_t size) {
    char *at = area_at_end(area, size);
    if (size > 0)
        memcpy(at, bytes, size);
    return at;
}

char *area_copy_at_start(unsigned area, const void *bytes, size_t size) {
    char *at = area_at_start(area, size);
    if (size > 0)
        memcpy(at, bytes, size);
    return at;
}

bool all_are(const void *bytes, uint8_t value, size_t size) {
    const uint8_t *p = bytes;
    return size == 0 || (p[0] == value && memcmp(p, p + 1, size - 1) == 0);
}

/* ---- implementations ------------------------------------------------------------------------- */

void use_implementation(const simdinet_implementation *impl) {
    atomic_store_explicit(&simdinet_implementation_current, impl, memory_order_release);
}

/* ---- failure --------------------------------------------------------------------------------- */

void fail(const void *bytes, size_t size, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("\nfuzz: ", stderr);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    if (bytes)
        fprintf(stderr, "\n  in the %zu bytes \"%s\"", size, show(bytes, size));
    fputs("\n", stderr);
    abort();
}
