/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Faults: the nth allocation of a call fails, for every n, in this library and in the C library
 * alike; and a system call that the call is made of fails. Afterwards nothing has leaked, neither a
 * byte nor a descriptor, and the call has said what went wrong.
 *
 * The allocator is replaced by one that counts, which the sanitizers, who replace it themselves, do
 * not allow: with them only the system calls fail here.
 */
#include "namespaces.h"
#include "simdinet_socket.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#    define COUNTING 0
#elif defined(__has_feature)
#    if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#        define COUNTING 0
#    endif
#endif
#ifndef COUNTING
#    define COUNTING 1
#endif

/* ---- an allocator that fails on demand -------------------------------------------------------- */

/* Of the thread that tests; others allocate as ever. */
static _Thread_local long fail_in = -1; /* allocations until the one that fails; -1: none does */
static _Thread_local bool counting;
static _Thread_local long live; /* blocks allocated and not freed while counting */

#if COUNTING
/* They must be seen by the C library, whatever the build hides. */
#    pragma GCC visibility push(default)
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void __libc_free(void *block);

static bool fails_now(void) {
    if (fail_in < 0 || fail_in-- > 0)
        return false;
    errno = ENOMEM;
    return true;
}

static void *counted(void *block) {
    live += counting && block;
    return block;
}

void *malloc(size_t size) {
    return fails_now() ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size) {
    return fails_now() ? NULL : counted(__libc_calloc(count, size));
}

void *realloc(void *block, size_t size) {
    if (fails_now())
        return NULL;
    void *moved = __libc_realloc(block, size);
    return block ? moved : counted(moved);
}

void free(void *block) {
    int kept = errno;
    live -= counting && block;
    __libc_free(block);
    errno = kept;
}
#    pragma GCC visibility pop
#endif

/* ---- the calls -------------------------------------------------------------------------------- */

/* Makes a call, frees its result; returns its status, an EAI code as SIMDINET_E_GAI. */
typedef int fault_call(simdinet_error *error);

static int finish_list(int code, struct addrinfo **list, simdinet_error *error) {
    if (code == 0)
        simdinet_freeaddrinfo(*list);
    else
        *error = (simdinet_error){
            .status = SIMDINET_E_GAI, .detail = code, .sys_errno = code == EAI_SYSTEM ? errno : 0};
    return code ? SIMDINET_E_GAI : SIMDINET_OK;
}

static int list_numeric(simdinet_error *error) {
    struct addrinfo hints = {.ai_flags = AI_CANONNAME}, *list;
    return finish_list(simdinet_getaddrinfo("192.0.2.1", "80", &hints, &list), &list, error);
}

static int list_service(simdinet_error *error) {
    struct addrinfo hints = {0}, *list;
    return finish_list(simdinet_getaddrinfo("192.0.2.1", "named", &hints, &list), &list, error);
}

static int list_name(simdinet_error *error) {
    struct addrinfo hints = {.ai_family = AF_INET}, *list;
    return finish_list(simdinet_getaddrinfo("many.test", "80", &hints, &list), &list, error);
}

static int list_zone(simdinet_error *error) {
    struct addrinfo hints = {0}, *list;
    return finish_list(simdinet_getaddrinfo("fe80::1%lo", "80", &hints, &list), &list, error);
}

static int list_deadline(simdinet_error *error) {
    struct addrinfo hints = {.ai_family = AF_INET}, *list;
    return finish_list(simdinet_getaddrinfo_deadline("many.test", "80", &hints, 5000, &list), &list,
                       error);
}

static int host_by_name(simdinet_error *error) {
    simdinet_hostent *host;
    int status = simdinet_gethostbyname_ex("many.test", 9, &host, error);
    if (status == SIMDINET_OK)
        simdinet_free(host);
    return status;
}

static int host_by_address(simdinet_error *error) {
    simdinet_hostent *host;
    int status = simdinet_gethostbyaddr("192.0.2.1", SIMDINET_ZSTR, &host, error);
    if (status == SIMDINET_OK)
        simdinet_free(host);
    return status;
}

static int full_name(simdinet_error *error) {
    static char name[4096];
    memset(name, 'n', 300);
    char text[512];
    return simdinet_getfqdn(name, 300, text, sizeof text, NULL, error);
}

static int service_by_long_name(simdinet_error *error) {
    static char name[4096];
    memset(name, 'n', sizeof name);
    uint16_t port;
    int status = simdinet_getservbyname(name, sizeof name, "tcp", 3, &port, error);
    return status == SIMDINET_E_NOTFOUND ? SIMDINET_OK : status;
}

static int service_by_port(simdinet_error *error) {
    char name[64];
    return simdinet_getservbyport(77, "tcp", 3, name, sizeof name, NULL, error);
}

static int name_of_address(simdinet_error *error) {
    char host[64], service[64];
    return simdinet_getnameinfo_text("192.0.2.1", SIMDINET_ZSTR, 77, 2, 0, 0, NI_NUMERICHOST, host,
                                     sizeof host, service, sizeof service, error);
}

static int name_interfaces(simdinet_error *error) {
    struct if_nameindex *array = simdinet_if_nameindex();
    *error = (simdinet_error){.status = SIMDINET_E_ERRNO, .sys_errno = errno};
    if (array)
        simdinet_if_freenameindex(array);
    return array ? SIMDINET_OK : SIMDINET_E_ERRNO;
}

static int index_interface(simdinet_error *error) {
    unsigned index = simdinet_if_nametoindex("lo");
    *error = (simdinet_error){.status = SIMDINET_E_ERRNO, .sys_errno = errno};
    return index ? SIMDINET_OK : SIMDINET_E_ERRNO;
}

static int make_socket(simdinet_error *error) {
    int fd = simdinet_socket(AF_INET, SOCK_DGRAM, 0, error);
    if (fd < 0)
        return error->status;
    return simdinet_close(fd, error);
}

static void enter(const char *test) {
    const char *refused = namespaces_enter(test);
    if (refused)
        cr_skip_test("the kernel refuses %s", refused);
}

/* The files of the calls above; many.test takes more room than any buffer begins with. */
static void enter_with_files(bool plain) {
    enter("test_faults");
    char hosts[16384], *cursor = hosts + sprintf(hosts, "127.0.0.1 localhost\n");
    for (int i = 1; i < 120; i++)
        cursor += sprintf(cursor, "192.0.2.%d many.test alias-%d.many.test\n", i, i);
    namespaces_write("hosts", hosts);
    namespaces_write("host.conf", "multi on\n");
    namespaces_write("services", "named 77/tcp alias\n");
    if (!plain)
        namespaces_write("nsswitch.conf", "hosts: files\nservices: files [NOTFOUND=return]\n");
    /* A young file is read at every call, and how often is then a matter of time. */
    struct timespec settled = {.tv_nsec = 100000000};
    nanosleep(&settled, NULL);
}

/* ---- allocations ------------------------------------------------------------------------------ */

static void fail_every_allocation(fault_call *call, const char *name, int least) {
    simdinet_error error;
    unsigned descriptors = namespaces_descriptors();
    for (int i = 0; i < 3; i++)
        cr_assert_eq(call(&error), SIMDINET_OK, "%s fails by itself: %d", name, error.status);
    int failed = 0;
    for (long n = 0; n < 10000; n++) {
        live = 0;
        counting = true;
        fail_in = n;
        error = (simdinet_error){0};
        int status = call(&error);
        bool reached = fail_in < 0;
        fail_in = -1;
        counting = false;
        cr_expect_eq(live, 0, "%s, allocation %ld: %ld blocks left", name, n, live);
        if (status != SIMDINET_OK) {
            failed++;
            cr_expect_eq(error.status, status, "%s, allocation %ld", name, n);
        }
        if (!reached)
            break;
    }
    cr_expect_geq(failed, least, "%s: %d failures", name, failed);
    cr_expect_eq(call(&error), SIMDINET_OK, "%s works again", name);
    cr_expect_eq(namespaces_descriptors(), descriptors, "%s", name);
}

static void fail_allocations(bool plain) {
    if (!COUNTING)
        cr_skip_test("the sanitizers replace the allocator themselves");
    enter_with_files(plain);
    fail_every_allocation(list_numeric, "getaddrinfo, numeric", 1);
    fail_every_allocation(list_zone, "getaddrinfo, zone", 1);
    fail_every_allocation(list_service, "getaddrinfo, service", 1);
    fail_every_allocation(list_name, "getaddrinfo, name", 1);
    fail_every_allocation(host_by_name, "gethostbyname_ex", 1);
    fail_every_allocation(host_by_address, "gethostbyaddr", 1);
    fail_every_allocation(full_name, "getfqdn, long", 1);
    fail_every_allocation(service_by_port, "getservbyport", 0);
    fail_every_allocation(service_by_long_name, "getservbyname, long", 0);
    fail_every_allocation(name_of_address, "getnameinfo", 1);
    fail_every_allocation(name_interfaces, "if_nameindex", 1);
    fail_every_allocation(make_socket, "socket", 0);
}

Test(faults, of_allocations_leak_nothing, .timeout = 60) {
    fail_allocations(true);
}

Test(faults, of_allocations_leak_nothing_where_the_system_answers, .timeout = 60) {
    fail_allocations(false);
}

/* While a table is built: without memory for it the system answers instead. */
Test(faults, of_allocations_for_a_table_leave_the_answer_to_the_system, .timeout = 60) {
    if (!COUNTING)
        cr_skip_test("the sanitizers replace the allocator themselves");
    enter_with_files(true);
    simdinet_error error;
    cr_assert_eq(service_by_port(&error), SIMDINET_OK);
    for (long n = 0; n < 12; n++) {
        namespaces_write("services", n % 2 ? "named 77/tcp\n" : "named 77/tcp alias\n");
        fail_in = n;
        int status = service_by_port(&error);
        fail_in = -1;
        cr_expect(status == SIMDINET_OK || status == SIMDINET_E_NOTFOUND ||
                      status == SIMDINET_E_NOMEM,
                  "allocation %ld: %d", n, status);
        cr_expect_eq(service_by_port(&error), SIMDINET_OK, "allocation %ld", n);
    }
}

/* ---- system calls ----------------------------------------------------------------------------- */

/* From now on a system call fails with ENOBUFS, in this process for good. */
static void forbid(int number) {
    struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOBUFS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {.len = sizeof program / sizeof program[0], .filter = program};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0)
        cr_skip_test("the kernel refuses a seccomp filter: %s", strerror(errno));
}

enum { ANY = -1 };

static void expect_failure(int number, fault_call *call, int status, int detail, int sys_errno) {
    simdinet_error error = {0};
    enter_with_files(true);
    cr_assert_eq(call(&error), SIMDINET_OK);
    unsigned descriptors = namespaces_descriptors();
    forbid(number);
    for (int i = 0; i < 3; i++) {
        cr_expect_eq(call(&error), status, "%d", error.status);
        cr_expect_eq(error.detail, detail, "%d", error.detail);
        cr_expect(error.sys_errno == sys_errno || sys_errno == ANY, "%d", error.sys_errno);
    }
    cr_expect_eq(namespaces_descriptors(), descriptors);
}

/* glibc looks for another kind of socket then, and leaves the errno of its search. */
Test(faults, of_socket_reach_if_nametoindex) {
    expect_failure(SYS_socket, index_interface, SIMDINET_E_ERRNO, 0, ANY);
}

Test(faults, of_socket_reach_if_nameindex) {
    expect_failure(SYS_socket, name_interfaces, SIMDINET_E_ERRNO, 0, ENOBUFS);
}

Test(faults, of_socket_reach_socket) {
    expect_failure(SYS_socket, make_socket, SIMDINET_E_ERRNO, 0, ENOBUFS);
}

/* A zone that cannot be looked up is taken for a number, and is none. */
Test(faults, of_socket_reach_a_zone) {
    expect_failure(SYS_socket, list_zone, SIMDINET_E_GAI, EAI_NONAME, 0);
}

Test(faults, of_ioctl_reach_if_nametoindex) {
    expect_failure(SYS_ioctl, index_interface, SIMDINET_E_ERRNO, 0, ENOBUFS);
}

Test(faults, of_sendto_reach_if_nameindex) {
    expect_failure(SYS_sendto, name_interfaces, SIMDINET_E_ERRNO, 0, ENOBUFS);
}

Test(faults, of_recvmsg_reach_if_nameindex) {
    expect_failure(SYS_recvmsg, name_interfaces, SIMDINET_E_ERRNO, 0, ENOBUFS);
}

static int timed_socket(simdinet_error *error) {
    simdinet_setdefaulttimeout(2.0, error);
    return make_socket(error);
}

Test(faults, of_setsockopt_close_the_new_socket) {
    expect_failure(SYS_setsockopt, timed_socket, SIMDINET_E_ERRNO, 0, ENOBUFS);
}

/* A name over DNS, with a server that nobody could reach anyway; the codes are the C library's. */
static void expect_no_answer(int number, int code) {
    simdinet_error error = {0};
    enter("test_faults");
    namespaces_write("nsswitch.conf", "hosts: dns\n");
    namespaces_write("resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
    forbid(number);
    unsigned descriptors = namespaces_descriptors();
    for (int i = 0; i < 3; i++) {
        cr_expect_eq(list_name(&error), SIMDINET_E_GAI);
        cr_expect_eq(error.detail, code, "%d", error.detail);
        cr_expect_eq(host_by_name(&error), SIMDINET_E_GAI);
        cr_expect_eq(host_by_address(&error), SIMDINET_E_HERR);
        cr_expect_eq(error.detail, TRY_AGAIN, "%d", error.detail);
    }
    cr_expect_eq(namespaces_descriptors(), descriptors);
}

/* Which glibc takes for a name that is not there. */
Test(faults, of_socket_reach_names) {
    expect_no_answer(SYS_socket, EAI_NONAME);
}

Test(faults, of_sendto_reach_names) {
    expect_no_answer(SYS_sendto, EAI_AGAIN);
}

Test(faults, of_sendmmsg_reach_names) {
    expect_no_answer(SYS_sendmmsg, EAI_AGAIN);
}

Test(faults, of_recvfrom_reach_names) {
    expect_no_answer(SYS_recvfrom, EAI_AGAIN);
}

/* No thread for a deadline. */
Test(faults, of_clone_reach_the_deadline) {
    simdinet_error error = {0};
    enter_with_files(true);
    cr_assert_eq(list_deadline(&error), SIMDINET_OK);
    forbid(SYS_clone3);
    forbid(SYS_clone);
    for (int i = 0; i < 100; i++) {
        cr_expect_eq(list_deadline(&error), SIMDINET_E_GAI);
        cr_expect_eq(error.detail, EAI_SYSTEM, "and not the bound on threads, call %d", i);
    }
}

/* Without the call that tells whether a file has changed the file is read, or the system asked. */
Test(faults, of_stat_leave_services_right) {
    simdinet_error error = {0};
    enter_with_files(true);
    cr_assert_eq(service_by_port(&error), SIMDINET_OK);
    forbid(SYS_newfstatat);
    unsigned descriptors = namespaces_descriptors();
    for (int i = 0; i < 3; i++)
        cr_expect(service_by_port(&error) == SIMDINET_OK || error.status == SIMDINET_E_NOTFOUND);
    cr_expect_eq(namespaces_descriptors(), descriptors);
}
