// SPDX-License-Identifier: Apache-2.0

import BPF
import Linux
import Symbols

/// What a link is attached to, field by field: each kind has fields of its own, which `docs/json.md` lists.
struct LinkFields {
    private let link: LiveLink
    private let surroundings: LiveSurroundings

    init(_ link: LiveLink, _ surroundings: LiveSurroundings) {
        self.link = link
        self.surroundings = surroundings
    }

    /// The fields, in the order of the documentation.
    var json: [(String, JSONText)] {
        switch link.information.target {
        case .rawTracepoint(let name, let cookie): [("tracepoint", .text(name)), ("cookie", .unsigned(cookie))]
        case .tracing(let attachType, let object, let type, let cookie):
            [
                attach(attachType), ("target_object_id", number(object)), ("target_type_id", number(type)),
                ("target_name", link.tracedName.map { .text($0) } ?? .null), ("cookie", .unsigned(cookie)),
            ]
        case .cgroup(let id, let attachType): [("cgroup_id", .unsigned(id)), attach(attachType)]
        case .iterator(let iterator): fields(of: iterator)
        case .networkNamespace(let inode, let attachType): [("netns_inode", number(inode)), attach(attachType)]
        case .interface(let index, let attachType): [("ifindex", number(index)), attach(attachType)]
        case .map(let id, let attachType): [("map_id", number(id)), attach(attachType)]
        case .netfilter(let family, let hook, let priority, let flags):
            netfilter(family, hook) + [
                ("priority", .number(Int64(priority))), ("defragments", .boolean(flags & 1 != 0)),
            ]
        case .multiKprobe(let functions): fields(of: functions)
        case .multiUprobe(let places): fields(of: places)
        case .uprobe(let path, let offset, let cookie, let isReturn):
            [
                ("path", .text(path)), ("offset", number(offset)), ("is_return", .boolean(isReturn)),
                ("cookie", .unsigned(cookie)),
            ]
        case .kprobe(let function, let offset, let address, let missed, let cookie, let isReturn):
            [
                ("function", .text(function)), ("offset", number(offset)), ("address", Self.address(address)),
                ("missed", .unsigned(missed)), ("is_return", .boolean(isReturn)), ("cookie", .unsigned(cookie)),
            ]
        case .tracepoint(let name, let cookie): [("tracepoint", .text(name)), ("cookie", .unsigned(cookie))]
        case .perfEvent(let type, let configuration, let cookie):
            [
                ("event_type", number(type)), ("event_config", .unsigned(configuration)),
                ("cookie", .unsigned(cookie)),
            ]
        case .unknown: []
        }
    }

    private func attach(_ type: UInt32) -> (String, JSONText) {
        ("attach_type", .text(LiveLink.attachTypeName(type)))
    }

    private func number(_ value: UInt32) -> JSONText { .number(Int64(value)) }

    /// Addresses are hidden from those who may not see them: they are 0 then.
    private static func address(_ value: UInt64) -> JSONText {
        value == 0 ? .null : .text("0x" + String(value, radix: 16))
    }

    private func netfilter(_ family: UInt32, _ hook: UInt32) -> [(String, JSONText)] {
        let names = LiveLink.netfilterNames(family: family, hook: hook)
        return [("family", .text(names.family)), ("hook", .text(names.hook))]
    }

    private func fields(of iterator: LinkInformation.Iterator) -> [(String, JSONText)] {
        var fields: [(String, JSONText)] = [("target_name", .text(iterator.name))]
        if iterator.map != 0 { fields.append(("map_id", number(iterator.map))) }
        if iterator.thread != 0 { fields.append(("tid", number(iterator.thread))) }
        if iterator.process != 0 { fields.append(("pid", number(iterator.process))) }
        if iterator.cgroup != 0 { fields.append(("cgroup_id", .unsigned(iterator.cgroup))) }
        let orders = ["", "self", "descendants-pre", "descendants-post", "ancestors"]
        if iterator.order != 0 {
            let isKnown = Int(iterator.order) < orders.count
            fields.append(("order", .text(isKnown ? orders[Int(iterator.order)] : "\(iterator.order)")))
        }
        return fields
    }

    private func fields(of functions: LinkInformation.MultiKprobe) -> [(String, JSONText)] {
        let list = functions.addresses.enumerated().map { index, address in
            let symbol = surroundings.symbol(at: address)
            return JSONText.object([
                ("address", Self.address(address)),
                ("function", symbol?.name.map { .text($0) } ?? .null),
                ("module", symbol?.module.map { .text($0) } ?? .null),
                ("cookie", .unsigned(index < functions.cookies.count ? functions.cookies[index] : 0)),
            ])
        }
        return [
            ("is_return", .boolean(functions.isReturn)), ("missed", .unsigned(functions.missed)),
            ("count", number(functions.count)), ("functions", .list(list)),
        ]
    }

    private func fields(of places: LinkInformation.MultiUprobe) -> [(String, JSONText)] {
        let list = places.offsets.enumerated().map { index, offset in
            JSONText.object([
                ("offset", .unsigned(offset)),
                ("counter_offset", .unsigned(index < places.counters.count ? places.counters[index] : 0)),
                ("cookie", .unsigned(index < places.cookies.count ? places.cookies[index] : 0)),
            ])
        }
        return [
            ("path", .text(places.path)), ("pid", places.process == 0 ? .null : number(places.process)),
            ("is_return", .boolean(places.isReturn)), ("count", number(places.count)), ("places", .list(list)),
        ]
    }
}
