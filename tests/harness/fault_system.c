/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * fault_system.c - the seccomp filter, and the thread that answers its notifications.
 */
#include "fault_system.h"

#include "fault_calls.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Made by the library, or by the C library for it. Without close: a failing close would leave the
 * descriptor open. */
const fault_kind fault_kinds[] = {
    {"socket", SYS_socket, EMFILE},
    {"bind", SYS_bind, ENOBUFS},
    {"connect", SYS_connect, ENOBUFS},
    {"getsockname", SYS_getsockname, ENOBUFS},
    {"setsockopt", SYS_setsockopt, ENOBUFS},
    {"sendto", SYS_sendto, ENOBUFS},
    {"sendmmsg", SYS_sendmmsg, ENOBUFS},
    {"recvfrom", SYS_recvfrom, ENOBUFS},
    {"recvmsg", SYS_recvmsg, ENOBUFS},
#ifdef SYS_poll
    {"poll", SYS_poll, ENOMEM},
#else
    {"poll", SYS_ppoll, ENOMEM},
#endif
    {"ioctl", SYS_ioctl, ENOBUFS},
    {"openat", SYS_openat, EMFILE},
    {"fstat", SYS_newfstatat, EIO},
    {"read", SYS_read, EIO},
    {"mmap", SYS_mmap, ENOMEM},
    {"mprotect", SYS_mprotect, ENOMEM},
    {"brk", SYS_brk, ENOMEM},
    {"clone3", SYS_clone3, EAGAIN},
    {"fcntl", SYS_fcntl, EMFILE},
    {"uname", SYS_uname, EFAULT},
    {0},
};

enum { KINDS = sizeof fault_kinds / sizeof fault_kinds[0] - 1 };

static sem_t listening;
static int listener = -1;
static atomic_int armed = -1; /* the index of the kind that fails */
static atomic_long left;
static atomic_int error_now;

static bool fails_now(int number) {
    return number == atomic_load(&armed) && !fault_is_paused && atomic_load(&left) >= 0 &&
           atomic_fetch_sub(&left, 1) == 0;
}

/* The structures of the kernel can be larger than those of the headers. */
typedef union {
    struct seccomp_notif notice;
    struct seccomp_notif_resp answer;
    uint64_t space[64];
} message;

/* Makes no watched call and no allocation: the waiting thread can hold any lock. */
static void *answer_all(void *unused) {
    (void)unused;
    sem_wait(&listening);
    for (;;) {
        message request = {0}, answer = {0};
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) != 0)
            continue; /* the call was interrupted */
        answer.answer.id = request.notice.id;
        if (!fails_now(request.notice.data.nr))
            answer.answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
        else if (request.notice.data.nr == SYS_brk)
            /* brk fails by returning the unchanged end of the heap. */
            answer.answer.val = (int64_t)(intptr_t)sbrk(0);
        else
            answer.answer.error = -atomic_load(&error_now);
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
    return NULL;
}

/* Notify for each of the kinds, allow for the rest. */
static int install(void) {
    struct sock_filter program[2 * KINDS + 2] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    };
    unsigned short length = 1;
    for (size_t i = 0; i < KINDS; i++) {
        program[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                                                         (unsigned)fault_kinds[i].number, 0, 1);
        program[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
    }
    program[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog filter = {.len = length, .filter = program};
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
                        &filter);
}

const char *fault_system_watch(void) {
    pthread_t watcher;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return "no_new_privs";
    /* Started before the filter, which therefore does not apply to it. */
    if (sem_init(&listening, 0, 0) != 0 || pthread_create(&watcher, NULL, answer_all, NULL) != 0)
        return "a thread";
    listener = install();
    if (listener < 0)
        return "a filter that notifies";
    sem_post(&listening);
    return NULL;
}

void fault_system_arm(const fault_kind *kind, long n) {
    atomic_store(&error_now, kind->error);
    atomic_store(&left, n);
    atomic_store(&armed, kind->number);
}

bool fault_system_disarm(void) {
    bool hit = atomic_load(&left) < 0;
    atomic_store(&armed, -1);
    return hit;
}
