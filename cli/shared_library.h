/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * shared_library.h - libraries that few runs need, loaded by the first use.
 *
 * A library that is linked costs every run the time to map and relocate it, and what it depends on.
 */
#ifndef SIMDINET_SHARED_LIBRARY_H
#define SIMDINET_SHARED_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    const char *soname;         /* of the file to load; NULL: the library is linked */
    const char *const *symbols; /* names of n functions */
    void *functions;            /* n pointers to functions in the same order */
    size_t n;
    enum { LIBRARY_UNUSED, LIBRARY_LOADED, LIBRARY_FAILED } state;
    char error[200]; /* LIBRARY_FAILED: why */
} shared_library;

/* Loads a library unless it was loaded before. False: library->error. Thread-safe. */
bool shared_library_load(shared_library *library);

/*
 * DEFINE_LIBRARY(ID, NAME, FUNCTIONS) defines the object ID with a pointer ID.f for each F(f) of the macro
 * FUNCTIONS(F), and the shared_library ID_library that fills it. SIMDINET_NAME_LOADED is 1 if SIMDINET_NAME_SONAME
 * is loaded, and 0 if the library is linked.
 */
/* NOLINTBEGIN(bugprone-macro-parentheses): a declarator and an initializer cannot stand in parentheses */
#define LIBRARY_POINTER(function)      __typeof__(&(function)) function;
#define LIBRARY_SYMBOL(function)       #function,
#define LIBRARY_ADDRESS(function)      .function = (function),
#define LIBRARY_ADDRESSES_0(FUNCTIONS) = {FUNCTIONS(LIBRARY_ADDRESS)}
#define LIBRARY_ADDRESSES_1(FUNCTIONS)
#define LIBRARY_SONAME_0(name)        NULL
#define LIBRARY_SONAME_1(name)        SIMDINET_##name##_SONAME
#define LIBRARY_JOIN(macro, loaded)   macro##loaded
#define LIBRARY_CHOOSE(macro, loaded) LIBRARY_JOIN(macro, loaded)
#define LIBRARY_ADDRESSES(name, FUNCTIONS)                                                         \
    LIBRARY_CHOOSE(LIBRARY_ADDRESSES_, SIMDINET_##name##_LOADED)(FUNCTIONS)
#define LIBRARY_SONAME(name) LIBRARY_CHOOSE(LIBRARY_SONAME_, SIMDINET_##name##_LOADED)(name)
#define DEFINE_LIBRARY(id, name, FUNCTIONS)                                                        \
    static const char *const id##_symbols[] = {FUNCTIONS(LIBRARY_SYMBOL)};                         \
    static struct { FUNCTIONS(LIBRARY_POINTER) } id LIBRARY_ADDRESSES(name, FUNCTIONS);            \
    shared_library id##_library = {.soname = LIBRARY_SONAME(name),                                 \
                                   .symbols = id##_symbols,                                        \
                                   .functions = &id,                                               \
                                   .n = sizeof id##_symbols / sizeof *id##_symbols}
/* NOLINTEND(bugprone-macro-parentheses) */

#endif
