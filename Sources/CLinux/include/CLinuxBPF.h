/* SPDX-License-Identifier: Apache-2.0 */

/*
 * include/uapi/linux/bpf.h of Linux 6.18: `union bpf_attr`, one struct per member, and the information structs.
 * CLinux.c asserts the offsets. Reserved space is a named member, so that every byte is written.
 */
#ifndef SKEP_CLINUX_BPF_H
#define SKEP_CLINUX_BPF_H

#include <stdint.h>

/* BPF_MAP_CREATE */
struct skep_map_create {
    uint32_t map_type, key_size, value_size, max_entries, map_flags, inner_map_fd, numa_node;
    uint8_t map_name[16];
    uint32_t map_ifindex, btf_fd, btf_key_type_id, btf_value_type_id, btf_vmlinux_value_type_id;
    uint64_t map_extra;
    int32_t value_type_btf_obj_fd, map_token_fd;
    uint64_t excl_prog_hash;
    uint32_t excl_prog_hash_size, reserved;
};

/* BPF_MAP_LOOKUP_ELEM, UPDATE, DELETE, GET_NEXT_KEY, LOOKUP_AND_DELETE, FREEZE */
struct skep_map_element {
    uint32_t map_fd, reserved;
    uint64_t key;
    uint64_t value; /* or next_key */
    uint64_t flags;
};

/* BPF_MAP_*_BATCH */
struct skep_map_batch {
    uint64_t in_batch, out_batch, keys, values;
    uint32_t count, map_fd;
    uint64_t elem_flags, flags;
};

/* BPF_PROG_LOAD */
struct skep_program_load {
    uint32_t prog_type, insn_cnt;
    uint64_t insns, license;
    uint32_t log_level, log_size;
    uint64_t log_buf;
    uint32_t kern_version, prog_flags;
    uint8_t prog_name[16];
    uint32_t prog_ifindex, expected_attach_type, prog_btf_fd, func_info_rec_size;
    uint64_t func_info;
    uint32_t func_info_cnt, line_info_rec_size;
    uint64_t line_info;
    uint32_t line_info_cnt, attach_btf_id;
    uint32_t attach_fd; /* attach_prog_fd or attach_btf_obj_fd */
    uint32_t core_relo_cnt;
    uint64_t fd_array, core_relos;
    uint32_t core_relo_rec_size, log_true_size;
    int32_t prog_token_fd;
    uint32_t fd_array_cnt;
    uint64_t signature;
    uint32_t signature_size;
    int32_t keyring_id;
};

/* BPF_OBJ_PIN, BPF_OBJ_GET */
struct skep_object_path {
    uint64_t pathname;
    uint32_t bpf_fd, file_flags;
    int32_t path_fd;
    uint32_t reserved;
};

/* BPF_PROG_ATTACH, BPF_PROG_DETACH */
struct skep_program_attach {
    uint32_t target, attach_bpf_fd, attach_type, attach_flags, replace_bpf_fd, relative;
    uint64_t expected_revision;
};

/* BPF_PROG_TEST_RUN */
struct skep_program_test {
    uint32_t prog_fd, retval, data_size_in, data_size_out;
    uint64_t data_in, data_out;
    uint32_t repeat, duration, ctx_size_in, ctx_size_out;
    uint64_t ctx_in, ctx_out;
    uint32_t flags, cpu, batch_size, reserved;
};

/* BPF_*_GET_NEXT_ID, BPF_*_GET_FD_BY_ID */
struct skep_object_id {
    uint32_t id, next_id, open_flags;
    int32_t token_fd;
};

/* BPF_OBJ_GET_INFO_BY_FD */
struct skep_object_information {
    uint32_t bpf_fd, info_len;
    uint64_t info;
};

/* BPF_PROG_QUERY */
struct skep_program_query {
    uint32_t target, attach_type, query_flags, attach_flags;
    uint64_t prog_ids;
    uint32_t count, reserved;
    uint64_t prog_attach_flags, link_ids, link_attach_flags, revision;
};

/* BPF_RAW_TRACEPOINT_OPEN */
struct skep_raw_tracepoint_open {
    uint64_t name;
    uint32_t prog_fd, reserved;
    uint64_t cookie;
};

/* BPF_BTF_LOAD */
struct skep_btf_load {
    uint64_t btf, btf_log_buf;
    uint32_t btf_size, btf_log_size, btf_log_level, btf_log_true_size, btf_flags;
    int32_t btf_token_fd;
};

/* BPF_TASK_FD_QUERY */
struct skep_task_descriptor_query {
    uint32_t pid, fd, flags, buf_len;
    uint64_t buf;
    uint32_t prog_id, fd_type;
    uint64_t probe_offset, probe_addr;
};

/* BPF_LINK_CREATE: the fixed part, then one struct per kind of link in the same place */
struct skep_link_create_iterator {
    uint64_t iter_info;
    uint32_t iter_info_len, reserved;
};
struct skep_link_create_multi_kprobe {
    uint32_t flags, cnt;
    uint64_t syms, addrs, cookies;
};
struct skep_link_create_tracing {
    uint32_t target_btf_id, reserved;
    uint64_t cookie;
};
struct skep_link_create_netfilter {
    uint32_t pf, hooknum;
    int32_t priority;
    uint32_t flags;
};
struct skep_link_create_ordered { /* tcx, netkit, cgroup */
    uint32_t relative, reserved;
    uint64_t expected_revision;
};
struct skep_link_create_multi_uprobe {
    uint64_t path, offsets, ref_ctr_offsets, cookies;
    uint32_t cnt, flags, pid, reserved;
};
struct skep_link_create_multi_tracing {
    uint64_t ids, cookies;
    uint32_t cnt, reserved;
};
struct skep_link_create {
    uint32_t prog_fd, target, attach_type, flags;
    union {
        uint32_t target_btf_id;
        uint64_t perf_event_cookie;
        struct skep_link_create_iterator iterator;
        struct skep_link_create_multi_kprobe multi_kprobe;
        struct skep_link_create_tracing tracing;
        struct skep_link_create_netfilter netfilter;
        struct skep_link_create_ordered ordered;
        struct skep_link_create_multi_uprobe multi_uprobe;
        struct skep_link_create_multi_tracing multi_tracing;
    } kind;
};

/* BPF_LINK_UPDATE */
struct skep_link_update {
    uint32_t link_fd, new_fd, flags, old_fd;
};

/* BPF_LINK_DETACH, BPF_ENABLE_STATS: one number */
struct skep_one_number {
    uint32_t value;
};

/* BPF_ITER_CREATE, BPF_TOKEN_CREATE */
struct skep_two_numbers {
    uint32_t first, second;
};

/* BPF_PROG_BIND_MAP */
struct skep_program_bind_map {
    uint32_t prog_fd, map_fd, flags;
};

/* BPF_PROG_STREAM_READ_BY_FD */
struct skep_program_stream_read {
    uint64_t stream_buf;
    uint32_t stream_buf_len, stream_id, prog_fd, reserved;
};

struct skep_program_information {
    uint32_t type, id;
    uint8_t tag[8];
    uint32_t jited_prog_len, xlated_prog_len;
    uint64_t jited_prog_insns, xlated_prog_insns, load_time;
    uint32_t created_by_uid, nr_map_ids;
    uint64_t map_ids;
    uint8_t name[16];
    uint32_t ifindex, gpl_compatible;
    uint64_t netns_dev, netns_ino;
    uint32_t nr_jited_ksyms, nr_jited_func_lens;
    uint64_t jited_ksyms, jited_func_lens;
    uint32_t btf_id, func_info_rec_size;
    uint64_t func_info;
    uint32_t nr_func_info, nr_line_info;
    uint64_t line_info, jited_line_info;
    uint32_t nr_jited_line_info, line_info_rec_size, jited_line_info_rec_size, nr_prog_tags;
    uint64_t prog_tags, run_time_ns, run_cnt, recursion_misses;
    uint32_t verified_insns, attach_btf_obj_id, attach_btf_id, reserved;
};

struct skep_map_information {
    uint32_t type, id, key_size, value_size, max_entries, map_flags;
    uint8_t name[16];
    uint32_t ifindex, btf_vmlinux_value_type_id;
    uint64_t netns_dev, netns_ino;
    uint32_t btf_id, btf_key_type_id, btf_value_type_id, btf_vmlinux_id;
    uint64_t map_extra, hash;
    uint32_t hash_size, reserved;
};

struct skep_btf_information {
    uint64_t btf;
    uint32_t btf_size, id;
    uint64_t name;
    uint32_t name_len, kernel_btf;
};

struct skep_link_information {
    uint32_t type, id, prog_id, reserved;
    union {
        struct { uint64_t name; uint32_t name_len, reserved; uint64_t cookie; } raw_tracepoint;
        struct { uint32_t attach_type, target_obj_id, target_btf_id, reserved; uint64_t cookie; } tracing;
        struct { uint64_t cgroup_id; uint32_t attach_type; } cgroup;
        struct { uint64_t target_name; uint32_t target_name_len, map_id; uint64_t cgroup_or_task; uint32_t order; } iterator;
        struct { uint32_t netns_ino, attach_type; } network_namespace;
        struct { uint32_t ifindex, attach_type; } interface; /* xdp (no attach type), tcx, netkit */
        struct { uint32_t map_id, attach_type; } map; /* struct_ops (no attach type), sockmap */
        struct { uint32_t pf, hooknum; int32_t priority; uint32_t flags; } netfilter;
        struct { uint64_t addrs; uint32_t count, flags; uint64_t missed, cookies; } multi_kprobe;
        struct { uint64_t path, offsets, ref_ctr_offsets, cookies; uint32_t path_size, count, flags, pid; } multi_uprobe;
        struct {
            uint32_t type, reserved;
            union {
                struct { uint64_t file_name; uint32_t name_len, offset; uint64_t cookie, ref_ctr_offset; } uprobe;
                struct { uint64_t func_name; uint32_t name_len, offset; uint64_t addr, missed, cookie; } kprobe;
                struct { uint64_t tp_name; uint32_t name_len, reserved; uint64_t cookie; } tracepoint;
                struct { uint64_t config; uint32_t type, reserved; uint64_t cookie; } event;
            } kind;
        } perf_event;
        uint64_t words[6];
    } kind;
};

#endif
