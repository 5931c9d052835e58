// SPDX-License-Identifier: Apache-2.0

import BTF
import Linux

extension LiveLink {
    /// What the link is attached to, in words: `kprobe do_unlinkat`, `interface 4`, `cgroup 1234`.
    public var target: String {
        switch information.target {
        case .rawTracepoint(let name, _): name
        case .tracing(let attachType, let object, let type, _):
            [AttachTypeName.text(attachType), Self.typeName(object, type)].compactMap { $0 }.joined(separator: " ")
        case .cgroup(let id, let attachType): "\(AttachTypeName.text(attachType)) cgroup \(id)"
        case .iterator(let iterator): Self.text(iterator)
        case .networkNamespace(let inode, let attachType):
            "\(AttachTypeName.text(attachType)) network namespace \(inode)"
        case .interface(let index, let attachType):
            (attachType == 0 ? "" : AttachTypeName.text(attachType) + " ")
                + (index == 0 ? "an interface that is gone" : "interface \(index)")
        case .map(let id, let attachType):
            (attachType == 0 ? "" : AttachTypeName.text(attachType) + " ") + "map \(id)"
        case .netfilter(let family, let hook, let priority, _):
            "\(Self.family(family)) \(Self.netfilterHook(hook)) priority \(priority)"
        case .multiKprobe(let functions):
            "\(functions.count) functions" + (functions.missed == 0 ? "" : ", \(functions.missed) missed")
        case .multiUprobe(let places):
            "\(places.path), \(places.count) places" + (places.process == 0 ? "" : ", process \(places.process)")
        case .uprobe(let path, let offset, _, _): "uprobe \(path)+0x" + String(offset, radix: 16)
        case .kprobe(let function, let offset, _, _, _, _):
            "kprobe \(function)" + (offset == 0 ? "" : "+0x" + String(offset, radix: 16))
        case .tracepoint(let name, _): "tracepoint \(name)"
        case .perfEvent(let type, let configuration, _): "event type \(type), configuration \(configuration)"
        case .unknown: ""
        }
    }

    private static func text(_ iterator: LinkInformation.Iterator) -> String {
        if iterator.map != 0 { return "\(iterator.name) of map \(iterator.map)" }
        if iterator.thread != 0 { return "\(iterator.name) of thread \(iterator.thread)" }
        if iterator.process != 0 { return "\(iterator.name) of process \(iterator.process)" }
        return iterator.cgroup == 0 ? iterator.name : "\(iterator.name) \(iterator.cgroup)"
    }

    /// The kernel's name of the function, hook or tracepoint that a tracing link is attached to; `nil` for other links and
    /// for functions of programs.
    public var tracedName: String? {
        guard case .tracing(_, let object, let type, _) = information.target else { return nil }
        return Self.typeName(object, type)
    }

    /// The name of an attach type (`enum bpf_attach_type`) in lower case, such as `tcx_ingress`.
    public static func attachTypeName(_ number: UInt32) -> String { AttachTypeName.text(number) }

    /// The name of a netfilter family and hook, such as `ipv4` and `local_in`.
    public static func netfilterNames(family number: UInt32, hook: UInt32) -> (family: String, hook: String) {
        (family(number), netfilterHook(hook))
    }

    private static func typeName(_ object: UInt32, _ type: UInt32) -> String? {
        guard type != 0, let live = try? LiveTypes(id: object), live.information.isKernel else { return nil }
        let table = live.information.name == "vmlinux" ? try? KernelTypes.running.core() : try? live.table()
        return (try? table?.type(BTFTypeID(type)))?.name
    }

    private static func family(_ number: UInt32) -> String {
        switch number {
        case 2: "ipv4"
        case 10: "ipv6"
        default: "family \(number)"
        }
    }

    /// `enum nf_inet_hooks`.
    private static func netfilterHook(_ number: UInt32) -> String {
        let names = ["prerouting", "local_in", "forward", "local_out", "postrouting", "ingress"]
        return Int(number) < names.count ? names[Int(number)] : "hook \(number)"
    }
}
