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
 * DEFINE_LIBRARY(ID, SONAME, FUNCTIONS) defines the object ID with a pointer ID.f for each F(f) of the macro
 * FUNCTIONS(F), and the shared_library ID_library that fills it.
 */
#define LIBRARY_POINTER(function) __typeof__(&(function)) function;
#define LIBRARY_SYMBOL(function)  #function,
#define LIBRARY_ADDRESS(function) .function = (function),
#ifdef SIMDINET_LOAD_LIBRARIES
#    define LIBRARY_ADDRESSES(FUNCTIONS)
#    define LIBRARY_SONAME(soname) soname
#else
#    define LIBRARY_ADDRESSES(FUNCTIONS) = {FUNCTIONS(LIBRARY_ADDRESS)}
#    define LIBRARY_SONAME(soname)       NULL
#endif
#define DEFINE_LIBRARY(id, soname_, FUNCTIONS)                                                     \
    static const char *const id##_symbols[] = {FUNCTIONS(LIBRARY_SYMBOL)};                         \
    static struct { FUNCTIONS(LIBRARY_POINTER) } id LIBRARY_ADDRESSES(FUNCTIONS);                  \
    shared_library id##_library = {.soname = LIBRARY_SONAME(soname_),                              \
                                   .symbols = id##_symbols,                                        \
                                   .functions = &id,                                               \
                                   .n = sizeof id##_symbols / sizeof *id##_symbols}

#endif
