// SPDX-License-Identifier: Apache-2.0

/// The rules by which fields get their meaning: the first that matches counts.
///
/// A caller can put rules of its own first, and can give single columns a meaning when it makes a ``RowSchema``.
public struct MeaningRules: Sendable {
    /// The rules in the order in which they are tried.
    public var rules: [MeaningRule]

    /// Makes a rule set.
    public init(_ rules: [MeaningRule]) {
        self.rules = rules
    }

    /// What a field means; ``Meaning/plain`` when no rule matches.
    public func meaning(of field: FieldDescription) -> Meaning {
        let name = Array(field.name.lowercased().utf8)
        return rules.first { $0.matches(field, lowercasedName: name) }?.meaning ?? .plain
    }

    /// Whether fields of this name are padding.
    public func isPadding(_ name: String) -> Bool {
        let name = name.lowercased()
        return Self.padding.contains { Pattern.matches(name, pattern: $0) } && !Self.notPadding.contains(name)
    }

    private static let padding = [
        "pad", "pad?", "pad??", "_pad*", "__pad*", "padding*", "unused*", "_unused*", "__unused*", "reserved*",
        "_reserved*", "__reserved*", "*_pad", "*_padding", "sin_zero",
    ]
    private static let notPadding: Set<String> = ["unused_bytes", "reserved_bytes"]
}

extension MeaningRules {
    /// The rules for the names and types that kernel tools use.
    public static let standard = MeaningRules(text + network + identity + time + numbers + stacks)

    private static let addressNames = [
        "saddr*", "daddr*", "laddr*", "raddr*", "src_ip*", "dst_ip*", "src_addr*", "dst_addr*", "source_ip*",
        "dest_ip*", "local_ip*", "remote_ip*", "local_addr*", "remote_addr*", "*_ip", "*_ip4", "*_ip6", "*_ipv4",
        "*_ipv6", "ip4", "ip6", "ipv4", "ipv6", "ip?_addr", "ipv?_addr", "*_v4", "*_v6", "srcip", "dstip", "sip", "dip",
        "src_v?", "dst_v?",
    ]

    private static let text: [MeaningRule] = [
        MeaningRule(.octets(count: nil), names: ["comm", "*comm", "task", "task_name", "comm_?"], is: .command),
        MeaningRule(
            .octets(count: nil),
            names: [
                "filename*", "fname*", "file", "file_name", "path*", "*path", "*_file", "exe", "cwd", "*_fname",
                "*_filename", "oldname", "newname", "dentry",
            ], is: .path),
        MeaningRule(.octets(count: nil), names: ["args", "argv", "cmdline", "*_args", "*_argv"], is: .arguments),
        MeaningRule(.bytes(count: 6), is: .hardwareAddress),
        MeaningRule(.octets(count: 16), names: addressNames + ["addr", "ip", "*addr"], is: .internetAddress),
        MeaningRule(.octets(count: 4), names: addressNames, is: .internetAddress),
        MeaningRule(
            .octets(count: nil), names: ["buf", "buffer", "data", "payload", "*_buf", "*_data", "*_payload", "packet"],
            is: .payload),
        MeaningRule(
            .octets(count: nil),
            names: [
                "name", "*_name", "str", "*_str", "msg", "message", "line", "text", "query", "host", "hostname",
                "cmd", "command", "ifname", "disk", "func", "function", "label", "*_text",
            ], is: .text),
    ]

    private static let network: [MeaningRule] = [
        MeaningRule(.integers([2]), types: ["__be16"], names: ["*proto", "*protocol", "*type"], is: .etherType),
        MeaningRule(.integers([2]), types: ["__be16"], names: ["*port*"], is: .port),
        MeaningRule(
            .integers([2, 4]),
            names: [
                "sport", "dport", "lport", "rport", "port", "*_port", "src_port*", "dst_port*", "srcport", "dstport",
                "skc_num",
            ], is: .port),
        MeaningRule(
            .integers([4]), types: ["__be32"],
            names: [
                "seq", "*_seq", "ack*", "spi", "id", "*_id", "*label*", "*mark*", "*len*", "*mask", "tsval", "ports",
                "*_ports",
            ],
            is: .plain),
        MeaningRule(.integers([4]), types: ["__be32", "in_addr_t"], is: .internetAddress),
        MeaningRule(.integers([4, 16]), names: addressNames, is: .internetAddress),
        MeaningRule(.integers([16]), names: ["addr", "*addr", "ip"], is: .internetAddress),
        MeaningRule(.integers([4]), names: ["addr", "ip"], in: .network, is: .internetAddress),
        MeaningRule(.arrays(size: 4, count: 4), names: addressNames + ["addr", "*addr", "ip"], is: .internetAddress),
        MeaningRule(.arrays(size: 2, count: 8), names: addressNames + ["addr", "*addr", "ip"], is: .internetAddress),
        MeaningRule(
            .integers([1, 2, 4]), names: ["family", "af", "sa_family", "*_family", "addr_family"], is: .addressFamily),
        MeaningRule(.integers([2]), types: ["sa_family_t"], is: .addressFamily),
        MeaningRule(
            .integers([1, 2, 4]),
            names: ["oldstate", "newstate", "old_state", "new_state", "tcp_state", "tcpstate", "state"],
            in: .network, is: .tcpState),
        MeaningRule(
            .integers([1, 2, 4]), names: ["protocol", "proto", "ip_proto", "ipproto", "l4_proto", "ip_protocol"],
            is: .ipProtocol),
    ]

    private static let identity: [MeaningRule] = [
        MeaningRule(.integers([4]), types: ["pid_t"], names: ["tid", "*_tid"], is: .threadID),
        MeaningRule(.integers([4]), types: ["pid_t"], is: .processID),
        MeaningRule(.integers([4]), types: ["uid_t", "kuid_t"], is: .userID),
        MeaningRule(.integers([4]), types: ["gid_t", "kgid_t"], is: .groupID),
        MeaningRule(.integers([4, 8]), names: ["tid", "*_tid"], is: .threadID),
        MeaningRule(.integers([4, 8]), names: ["pid", "tgid", "ppid", "*_pid", "*_tgid"], is: .processID),
        MeaningRule(.integers([4]), names: ["uid", "euid", "suid", "*_uid", "loginuid"], is: .userID),
        MeaningRule(.integers([4]), names: ["gid", "egid", "*_gid"], is: .groupID),
        MeaningRule(
            .integers([4]), names: ["cpu", "cpu_id", "*_cpu", "cpuid", "target_cpu", "prev_cpu"], is: .cpu),
        MeaningRule(
            .integers([8]), names: ["cgroup", "cgroup_id", "cgid", "cgrp_id", "cgroupid", "*_cgroup_id"],
            is: .controlGroup),
        MeaningRule(.integers([2, 4]), types: ["mode_t", "umode_t", "__kernel_mode_t"], is: .mode),
        MeaningRule(.integers([2, 4]), names: ["mode", "*_mode"], in: .fileOpening, is: .mode),
        MeaningRule(.integers([4]), types: ["dev_t", "__kernel_dev_t"], is: .device),
        MeaningRule(.integers([4]), names: ["dev", "devno", "s_dev", "i_dev", "*_dev", "device"], is: .device),
    ]

    private static let time: [MeaningRule] = {
        let points =
            ["ts", "*_ts", "timestamp", "*_timestamp", "time", "ktime", "*_ktime"]
            + ["start", "end", "begin", "enter", "exit"].map { $0 + "_time" }
        let spans = [
            "delta", "*_delta", "duration", "*_duration", "latency", "*_latency", "lat", "*_lat", "elapsed", "dur",
            "runtime", "*_runtime", "span", "offtime", "delay", "*_delay",
        ]
        var rules: [MeaningRule] = [
            MeaningRule(.integers([4, 8]), names: ["tv_*", "*_per_*"], is: .plain),
            MeaningRule(.integers([8]), types: ["ktime_t"], is: .timestamp(.nanoseconds)),
            MeaningRule(
                .integers([8]),
                names: [
                    "exec_time*", "cpu_time*", "run_time*", "wait_time*", "sleep_time*", "queue_time*", "block_time*",
                ],
                is: .duration(.nanoseconds)),
        ]
        for (suffixes, unit) in [
            (["ns", "nsec", "nsecs"], TimeUnit.nanoseconds), (["us", "usec", "usecs"], .microseconds),
            (["ms", "msec", "msecs"], .milliseconds), (["sec", "secs"], .seconds),
        ] {
            for suffix in suffixes {
                rules.append(
                    MeaningRule(
                        .integers([8]), names: (points + ["start", "end", "enter", "begin"]).map { $0 + "_" + suffix },
                        is: .timestamp(unit)))
                rules.append(
                    MeaningRule(
                        .integers([4, 8]), names: ["*_" + suffix, suffix], is: .duration(unit)))
            }
        }
        rules.append(MeaningRule(.integers([8]), names: points, is: .timestamp(.nanoseconds)))
        rules.append(MeaningRule(.integers([8]), names: spans, is: .duration(.nanoseconds)))
        return rules
    }()

    private static let numbers: [MeaningRule] = [
        MeaningRule(
            .signedIntegers([4, 8]),
            names: [
                "ret", "retval", "*_ret", "*_retval", "err", "*_err", "error", "errno", "rc", "result", "return_value",
                "ret_code",
            ], is: .result),
        MeaningRule(
            .integers([1, 2, 4, 8]), names: ["sig", "signo", "signal", "signum", "exit_signal", "*_sig", "*_signo"],
            is: .signal),
        MeaningRule(
            .integers([4, 8]), names: ["syscall", "syscall_nr", "syscall_id", "__syscall_nr", "sysno", "sys_nr"],
            is: .syscall),
        MeaningRule(.integers([4]), names: ["nr"], is: .syscall),
        MeaningRule(.signedIntegers([8]), names: ["nr"], is: .syscall),
        MeaningRule(.integers([4]), names: ["cap", "capability"], is: .capability),
        MeaningRule(
            .integers([4, 8]), names: ["flags", "open_flags", "oflags", "o_flags"], in: .fileOpening, is: .openFlags),
        MeaningRule(.integers([1, 2, 4, 8]), names: ["flags", "*_flags", "mask", "*_mask"], is: .hexadecimal),
        MeaningRule(.pointers, is: .address),
        MeaningRule(
            .integers([8]),
            names: [
                "addr", "*addr", "address", "*_address", "ip", "pc", "ptr", "*_ptr", "sock", "kaddr", "caller", "func",
                "*_ip",
            ], is: .address),
    ]

    private static let stacks: [MeaningRule] = [
        MeaningRule(
            .integers([4, 8]),
            names: ["kern_stack_id", "kernel_stack_id", "kstack_id", "kern_stackid", "kstackid", "kernstack*"],
            is: .stackID(.kernel)),
        MeaningRule(
            .integers([4, 8]), names: ["user_stack_id", "ustack_id", "user_stackid", "ustackid"], is: .stackID(.user)),
        MeaningRule(.integers([4, 8]), names: ["stack_id", "stackid"], is: .stackID(.either)),
        MeaningRule(
            .arrays(size: 8, count: nil), names: ["kstack*", "kernel_stack*", "kern_stack*", "*_kstack", "kernel_ip*"],
            is: .stack(.kernel)),
        MeaningRule(
            .arrays(size: 8, count: nil), names: ["ustack*", "user_stack*", "*_ustack", "user_ip*"], is: .stack(.user)),
        MeaningRule(
            .arrays(size: 8, count: nil), names: ["stack", "stacks", "ips", "ip", "stack_trace"], is: .stack(.either)),
        MeaningRule(
            .arrays(size: 4, count: nil), names: ["slots", "hist", "*_hist", "histogram", "buckets"], is: .histogram),
        MeaningRule(
            .arrays(size: 8, count: nil), names: ["slots", "hist", "*_hist", "histogram", "buckets"], is: .histogram),
    ]
}
