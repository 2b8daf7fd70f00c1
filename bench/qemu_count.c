/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * qemu_count.c - a plugin for qemu's user mode that counts the instructions between the marks of
 * bench_count. Prints "number count" for each.
 *
 * Distributions ship qemu with plugins but without qemu-plugin.h; these are the declarations of its
 * version 1, which exists since qemu 4.2.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define EXPORT __attribute__((visibility("default")))

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_info;
enum qemu_plugin_op { QEMU_PLUGIN_INLINE_ADD_U64 };

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
                                           void (*call)(qemu_plugin_id_t, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, enum qemu_plugin_op op,
                                              void *counter, uint64_t add);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
void qemu_plugin_register_vcpu_syscall_cb(qemu_plugin_id_t id,
                                          void (*call)(qemu_plugin_id_t, unsigned, int64_t,
                                                       uint64_t, uint64_t, uint64_t, uint64_t,
                                                       uint64_t, uint64_t, uint64_t, uint64_t));

EXPORT int qemu_plugin_version = 1;

static uint64_t executed, before;

/* Every block runs to its end: nothing faults between the marks. */
static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb) {
    (void)id;
    qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64, &executed,
                                             qemu_plugin_tb_n_insns(tb));
}

/* aarch64's write. The first mark of a measurement is even, the second odd. */
static void called(qemu_plugin_id_t id, unsigned cpu, int64_t number, uint64_t file, uint64_t data,
                   uint64_t size, uint64_t a4, uint64_t a5, uint64_t a6, uint64_t a7, uint64_t a8) {
    (void)id, (void)cpu, (void)data, (void)a4, (void)a5, (void)a6, (void)a7, (void)a8;
    if (number != 64 || (int32_t)file != -1)
        return;
    if (size % 2 == 0)
        before = executed;
    else
        fprintf(stderr, "%" PRIu64 " %" PRIu64 "\n", size / 2, executed - before);
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc,
                               char **argv) {
    (void)info, (void)argc, (void)argv;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_vcpu_syscall_cb(id, called);
    return 0;
}
