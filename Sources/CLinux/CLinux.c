/* SPDX-License-Identifier: Apache-2.0 */

/* Checks that the structs have the layout of Linux 6.18; the numbers come from that kernel's BTF. */
#include "CLinux.h"

#include <stddef.h>

#define AT(type, member, offset) _Static_assert(offsetof(struct type, member) == offset, #type "." #member)
#define SIZE(type, size) _Static_assert(sizeof(struct type) == size, #type)

AT(skep_map_create, map_name, 28);
AT(skep_map_create, map_extra, 64);
AT(skep_map_create, excl_prog_hash_size, 88);
AT(skep_map_element, flags, 24);
AT(skep_map_batch, flags, 48);
AT(skep_program_load, prog_name, 48);
AT(skep_program_load, func_info, 80);
AT(skep_program_load, attach_fd, 112);
AT(skep_program_load, fd_array, 120);
AT(skep_program_load, log_true_size, 140);
AT(skep_program_load, signature, 152);
AT(skep_program_load, keyring_id, 164);
AT(skep_object_path, path_fd, 16);
AT(skep_program_attach, expected_revision, 24);
AT(skep_program_test, ctx_in, 48);
AT(skep_program_test, batch_size, 72);
AT(skep_object_id, token_fd, 12);
AT(skep_program_query, prog_ids, 16);
AT(skep_program_query, prog_attach_flags, 32);
AT(skep_program_query, revision, 56);
AT(skep_raw_tracepoint_open, cookie, 16);
AT(skep_btf_load, btf_token_fd, 36);
AT(skep_task_descriptor_query, probe_addr, 40);
AT(skep_link_create, kind.target_btf_id, 16);
AT(skep_link_create, kind.tracing.cookie, 24);
AT(skep_link_create, kind.multi_uprobe.pid, 56);
AT(skep_link_create, kind.multi_kprobe.cookies, 40);
AT(skep_link_create, kind.ordered.expected_revision, 24);
AT(skep_link_create, kind.netfilter.flags, 28);
AT(skep_link_create, kind.iterator.iter_info_len, 24);
AT(skep_link_update, old_fd, 12);
AT(skep_program_stream_read, prog_fd, 16);

AT(skep_program_information, map_ids, 56);
AT(skep_program_information, netns_dev, 88);
AT(skep_program_information, btf_id, 128);
AT(skep_program_information, prog_tags, 184);
AT(skep_program_information, attach_btf_id, 224);
SIZE(skep_program_information, 232);
AT(skep_map_information, netns_dev, 48);
AT(skep_map_information, map_extra, 80);
AT(skep_map_information, hash_size, 96);
SIZE(skep_map_information, 104);
AT(skep_btf_information, kernel_btf, 28);
SIZE(skep_btf_information, 32);
AT(skep_link_information, kind.raw_tracepoint.cookie, 32);
AT(skep_link_information, kind.tracing.cookie, 32);
AT(skep_link_information, kind.iterator.order, 40);
AT(skep_link_information, kind.multi_kprobe.cookies, 40);
AT(skep_link_information, kind.multi_uprobe.pid, 60);
AT(skep_link_information, kind.perf_event.kind.uprobe.cookie, 40);
AT(skep_link_information, kind.perf_event.kind.kprobe.cookie, 56);
AT(skep_link_information, kind.perf_event.kind.event.cookie, 40);
SIZE(skep_link_information, 64);

AT(skep_perf_event_attributes, config1, 56);
AT(skep_perf_event_attributes, clockid, 92);
AT(skep_perf_event_attributes, sample_max_stack, 108);
AT(skep_perf_event_attributes, sig_data, 120);
AT(skep_perf_event_attributes, config3, 128);
SIZE(skep_perf_event_attributes, 136);
AT(skep_perf_event_page, data_head, 1024);

SIZE(skep_netlink_header, 16);
SIZE(skep_interface_message, 16);
SIZE(skep_traffic_message, 20);
