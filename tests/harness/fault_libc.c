/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fault_libc.c - the functions of the C library that this library calls and that can fail, with
 * their errors. tests/build/test_layering.py checks that none is missing.
 */
#include "fault_libc.h"

#include "fault_calls.h"
#include "sanitized.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ERRNO(number)                                                                              \
    { .status = SIMDINET_E_ERRNO, .sys_errno = (number) }
#define GAI(code)                                                                                  \
    { .status = SIMDINET_E_GAI, .detail = (code) }
#define GAI_SYSTEM(number)                                                                         \
    { .status = SIMDINET_E_GAI, .detail = EAI_SYSTEM, .sys_errno = (number) }
#define HERR(code)                                                                                 \
    { .status = SIMDINET_E_HERR, .detail = (code) }
#define NOT_FOUND                                                                                  \
    { .status = SIMDINET_E_NOTFOUND }
#define NOTHING                                                                                    \
    { 0 }

const libc_fault libc_faults[] = {
    {"malloc", 0, ENOMEM, 0, IS_MEMORY, NOTHING},
    {"calloc", 0, ENOMEM, 0, IS_MEMORY, NOTHING},
    {"realloc", 0, ENOMEM, 0, IS_MEMORY, NOTHING},
    /* When a table cannot be read the C library is used. */
    {"open", -1, EMFILE, 0, IS_HIDDEN, NOTHING},
    {"fstat", -1, EIO, 0, IS_HIDDEN, NOTHING},
    {"stat", -1, ENOENT, 0, IS_HIDDEN, NOTHING},
    {"read", -1, EIO, 0, IS_HIDDEN, NOTHING},
    {"read", -1, EINTR, 0, IS_HIDDEN, NOTHING},
    {"read", 1, 0, 0, IS_HIDDEN, NOTHING}, /* a short read */
    /* Descriptors. */
    {"socket", -1, EMFILE, 0, IS_SEEN, ERRNO(EMFILE)},
    {"socket", -1, EACCES, 0, IS_SEEN, ERRNO(EACCES)},
    {"socket", -1, ENOMEM, 0, IS_MEMORY, NOTHING},
    {"setsockopt", -1, ENOBUFS, 0, IS_SEEN, ERRNO(ENOBUFS)},
    {"fcntl", -1, EBADF, 0, IS_SEEN, ERRNO(EBADF)},
    {"close", -1, EIO, 0, IS_SEEN, ERRNO(EIO)},
    {"close", -1, EINTR, 0, IS_SEEN, ERRNO(EINTR)},
    {"close", -1, ECONNRESET, 0, IS_HIDDEN, NOTHING},
    {"gethostname", -1, EINVAL, 0, IS_SEEN, ERRNO(EINVAL)},
    {"sethostname", -1, EPERM, 0, IS_SEEN, ERRNO(EPERM)},
    {"if_nameindex", 0, EMFILE, 0, IS_SEEN, ERRNO(EMFILE)},
    {"if_nameindex", 0, ENOMEM, 0, IS_MEMORY, NOTHING},
    {"if_nametoindex", 0, ENODEV, 0, IS_SEEN, ERRNO(ENODEV)},
    {"if_indextoname", 0, ENXIO, 0, IS_SEEN, ERRNO(ENXIO)},
    /* Names. */
    {"getaddrinfo", EAI_AGAIN, 0, 0, IS_SEEN, GAI(EAI_AGAIN)},
    {"getaddrinfo", EAI_NONAME, ENOENT, 0, IS_SEEN, GAI(EAI_NONAME)},
    {"getaddrinfo", EAI_NONAME, EMFILE, 0, IS_SEEN, GAI_SYSTEM(EMFILE)},
    {"getaddrinfo", EAI_NONAME, ENOMEM, 0, IS_MEMORY, NOTHING},
    {"getaddrinfo", EAI_SYSTEM, ENETDOWN, 0, IS_SEEN, GAI_SYSTEM(ENETDOWN)},
    {"getaddrinfo", EAI_SYSTEM, ENOMEM, 0, IS_MEMORY, NOTHING},
    {"getaddrinfo", EAI_MEMORY, 0, 0, IS_MEMORY, NOTHING},
    {"getnameinfo", EAI_AGAIN, 0, 0, IS_SEEN, GAI(EAI_AGAIN)},
    {"getnameinfo", EAI_NONAME, EIO, 0, IS_SEEN, GAI_SYSTEM(EIO)},
    {"getnameinfo", EAI_SYSTEM, ENOMEM, 0, IS_MEMORY, NOTHING},
    {"getnameinfo", EAI_MEMORY, 0, 0, IS_MEMORY, NOTHING},
    {"gethostbyname2_r", ERANGE, ERANGE, NETDB_INTERNAL, IS_HIDDEN, NOTHING},
    {"gethostbyname2_r", EMFILE, EMFILE, NETDB_INTERNAL, IS_SEEN, ERRNO(EMFILE)},
    {"gethostbyname2_r", ENOMEM, ENOMEM, NETDB_INTERNAL, IS_MEMORY, NOTHING},
    {"gethostbyname2_r", 0, 0, NETDB_INTERNAL, IS_MEMORY, NOTHING},
    {"gethostbyname2_r", 0, ENOMEM, HOST_NOT_FOUND, IS_MEMORY, NOTHING},
    {"gethostbyname2_r", 0, ENFILE, HOST_NOT_FOUND, IS_SEEN, ERRNO(ENFILE)},
    {"gethostbyname2_r", 0, 0, HOST_NOT_FOUND, IS_SEEN, HERR(HOST_NOT_FOUND)},
    {"gethostbyname2_r", 0, 0, NO_DATA, IS_SEEN, HERR(NO_DATA)},
    {"gethostbyname2_r", 0, 0, 0, IS_SEEN, HERR(HOST_NOT_FOUND)},
    {"gethostbyname2_r", EAGAIN, EAGAIN, TRY_AGAIN, IS_SEEN, HERR(TRY_AGAIN)},
    {"gethostbyaddr_r", ERANGE, ERANGE, NETDB_INTERNAL, IS_HIDDEN, NOTHING},
    {"gethostbyaddr_r", EIO, EIO, NETDB_INTERNAL, IS_SEEN, ERRNO(EIO)},
    {"gethostbyaddr_r", 0, ENOMEM, HOST_NOT_FOUND, IS_MEMORY, NOTHING},
    {"gethostbyaddr_r", 0, 0, NO_RECOVERY, IS_SEEN, HERR(NO_RECOVERY)},
    {"getservbyname_r", ERANGE, ERANGE, 0, IS_HIDDEN, NOTHING},
    {"getservbyname_r", EMFILE, EMFILE, 0, IS_SEEN, ERRNO(EMFILE)},
    {"getservbyname_r", EAGAIN, EAGAIN, 0, IS_SEEN, ERRNO(EAGAIN)},
    {"getservbyname_r", ENOENT, ENOENT, 0, IS_SEEN, NOT_FOUND},
    {"getservbyname_r", ENOMEM, ENOMEM, 0, IS_MEMORY, NOTHING},
    {"getservbyport_r", ERANGE, ERANGE, 0, IS_HIDDEN, NOTHING},
    {"getservbyport_r", EIO, EIO, 0, IS_SEEN, ERRNO(EIO)},
    {"getservbyport_r", ENOENT, ENOENT, 0, IS_SEEN, NOT_FOUND},
    {"getservbyport_r", ENOMEM, ENOMEM, 0, IS_MEMORY, NOTHING},
    {"getprotobyname_r", ERANGE, ERANGE, 0, IS_HIDDEN, NOTHING},
    {"getprotobyname_r", EMFILE, EMFILE, 0, IS_SEEN, ERRNO(EMFILE)},
    {"getprotobyname_r", ENOENT, ENOENT, 0, IS_SEEN, NOT_FOUND},
    {"getprotobyname_r", ENOMEM, ENOMEM, 0, IS_MEMORY, NOTHING},
    /* The thread of a deadline. */
    {"pthread_create", EAGAIN, 0, 0, IS_SEEN, GAI_SYSTEM(EAGAIN)},
    {"pthread_create", ENOMEM, 0, 0, IS_MEMORY, NOTHING},
#if !SANITIZED
    /* Reserved by the sanitizers. */
    {"pthread_attr_init", ENOMEM, 0, 0, IS_MEMORY, NOTHING},
    {"pthread_setspecific", ENOMEM, 0, 0, IS_HIDDEN, NOTHING},
#endif
    {"pthread_mutex_init", ENOMEM, 0, 0, IS_MEMORY, NOTHING},
    {"pthread_cond_init", ENOMEM, 0, 0, IS_MEMORY, NOTHING},
    {"pthread_condattr_init", ENOMEM, 0, 0, IS_MEMORY, NOTHING},
    {"pthread_condattr_setclock", EINVAL, 0, 0, IS_MEMORY, NOTHING},
    {0},
};

/* ---- the armed fault ------------------------------------------------------------------------- */

static _Atomic(const libc_fault *) armed;
static atomic_long left;
static atomic_long blocks;
static bool sizes_hidden;

void fault_libc_hide_sizes(bool hide) {
    sizes_hidden = hide;
}

void fault_libc_arm(const libc_fault *fault, long n) {
    atomic_store(&left, n);
    atomic_store(&armed, fault);
}

bool fault_libc_disarm(void) {
    atomic_store(&armed, NULL);
    return atomic_load(&left) < 0;
}

long fault_libc_blocks(void) {
    return atomic_load(&blocks);
}

/* The fault if this is its call, with errno set; or NULL. */
static const libc_fault *fault_of(const char *function) {
    const libc_fault *fault = atomic_load(&armed);
    if (!fault || fault_is_paused || strcmp(fault->function, function) != 0 ||
        atomic_load(&left) < 0 || atomic_fetch_sub(&left, 1) != 0)
        return NULL;
    if (fault->sys_errno != 0)
        errno = fault->sys_errno;
    return fault;
}

/* ---- memory ---------------------------------------------------------------------------------- */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);

static void *counted(void *block) {
    if (block)
        atomic_fetch_add(&blocks, 1);
    return block;
}

void *__wrap_malloc(size_t size) {
    return fault_of("malloc") ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size) {
    return fault_of("calloc") ? NULL : counted(__real_calloc(count, size));
}

void *__wrap_realloc(void *block, size_t size) {
    if (fault_of("realloc"))
        return NULL;
    void *moved = __real_realloc(block, size);
    return block ? moved : counted(moved);
}

void __wrap_free(void *block) {
    if (block)
        atomic_fetch_sub(&blocks, 1);
    __real_free(block);
}

/* ---- functions that forward their arguments -------------------------------------------------- */

/*
 * Defines the wrapper of a function, which fails or forwards. The expression `failed` can use
 * `fault`. The declaration at the end takes the semicolon.
 */
#define WRAP(type, name, parameters, arguments, failed)                                            \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters {                                                                \
        const libc_fault *fault = fault_of(#name);                                                 \
        return fault ? (failed) : __real_##name arguments;                                         \
    }                                                                                              \
    extern type __real_##name parameters

WRAP(int, stat, (const char *path, struct stat *status), (path, status), -1);
WRAP(int, socket, (int domain, int type, int protocol), (domain, type, protocol), -1);
WRAP(int, setsockopt, (int fd, int level, int name, const void *value, socklen_t size),
     (fd, level, name, value, size), -1);
WRAP(int, gethostname, (char *name, size_t len), (name, len), -1);
WRAP(int, sethostname, (const char *name, size_t len), (name, len), -1);
WRAP(struct if_nameindex *, if_nameindex, (void), (), NULL);
WRAP(unsigned, if_nametoindex, (const char *name), (name), 0);
WRAP(char *, if_indextoname, (unsigned index, char *name), (index, name), NULL);

/* close closes the descriptor even when it fails, and a short read reads. */
WRAP(int, close, (int fd), (fd), (__real_close(fd), errno = fault->sys_errno, -1));
WRAP(ssize_t, read, (int fd, void *to, size_t size), (fd, to, size),
     fault->returned < 0 ? -1 : __real_read(fd, to, (size_t)fault->returned));

WRAP(int, getaddrinfo,
     (const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **list),
     (node, service, hints, list), fault->returned);
WRAP(int, getnameinfo,
     (const struct sockaddr *sa, socklen_t salen, char *host, socklen_t hostlen, char *serv,
      socklen_t servlen, int flags),
     (sa, salen, host, hostlen, serv, servlen, flags), fault->returned);
WRAP(int, gethostbyname2_r,
     (const char *name, int af, struct hostent *host, char *buffer, size_t size,
      struct hostent **result, int *herr),
     (name, af, host, buffer, size, result, herr),
     (*result = NULL, *herr = fault->herr, fault->returned));
WRAP(int, gethostbyaddr_r,
     (const void *address, socklen_t len, int af, struct hostent *host, char *buffer, size_t size,
      struct hostent **result, int *herr),
     (address, len, af, host, buffer, size, result, herr),
     (*result = NULL, *herr = fault->herr, fault->returned));
WRAP(int, getservbyname_r,
     (const char *name, const char *proto, struct servent *entry, char *buffer, size_t size,
      struct servent **result),
     (name, proto, entry, buffer, size, result), (*result = NULL, fault->returned));
WRAP(int, getservbyport_r,
     (int port, const char *proto, struct servent *entry, char *buffer, size_t size,
      struct servent **result),
     (port, proto, entry, buffer, size, result), (*result = NULL, fault->returned));
WRAP(int, getprotobyname_r,
     (const char *name, struct protoent *entry, char *buffer, size_t size,
      struct protoent **result),
     (name, entry, buffer, size, result), (*result = NULL, fault->returned));

WRAP(int, pthread_create,
     (pthread_t * thread, const pthread_attr_t *attributes, void *run(void *), void *argument),
     (thread, attributes, run, argument), fault->returned);
WRAP(int, pthread_attr_init, (pthread_attr_t * attributes), (attributes), fault->returned);
WRAP(int, pthread_mutex_init, (pthread_mutex_t * lock, const pthread_mutexattr_t *attributes),
     (lock, attributes), fault->returned);
WRAP(int, pthread_cond_init, (pthread_cond_t * condition, const pthread_condattr_t *attributes),
     (condition, attributes), fault->returned);
WRAP(int, pthread_condattr_init, (pthread_condattr_t * attributes), (attributes), fault->returned);
WRAP(int, pthread_condattr_setclock, (pthread_condattr_t * attributes, clockid_t clock),
     (attributes, clock), fault->returned);
WRAP(int, pthread_setspecific, (pthread_key_t key, const void *value), (key, value),
     fault->returned);

/* ---- others ---------------------------------------------------------------------------------- */

int __real_fstat(int fd, struct stat *status);
int __wrap_fstat(int fd, struct stat *status);
int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __real_fcntl(int fd, int command, ...);
int __wrap_fcntl(int fd, int command, ...);

int __wrap_fstat(int fd, struct stat *status) {
    int result = fault_of("fstat") ? -1 : __real_fstat(fd, status);
    if (result == 0 && sizes_hidden)
        status->st_size = 0;
    return result;
}

int __wrap_open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return fault_of("open") ? -1 : __real_open(path, flags, mode);
}

/* The commands used here take an int or nothing. */
int __wrap_fcntl(int fd, int command, ...) {
    va_list arguments;
    va_start(arguments, command);
    int value = command == F_SETFL ? va_arg(arguments, int) : 0;
    va_end(arguments);
    return fault_of("fcntl") ? -1 : __real_fcntl(fd, command, value);
}
