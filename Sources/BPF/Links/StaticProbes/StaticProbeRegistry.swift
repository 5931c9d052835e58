// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Diagnostics
import Synchronization

/// The descriptions of static probes that the programs of one object read: maps that `<bpf/usdt.bpf.h>` declares.
///
/// Probes whose values are in the same places share a description; one that no attachment uses any more is free again.
final class StaticProbeRegistry: Sendable {
    /// The names of the maps.
    static let specificationMap = "__bpf_usdt_specs"
    static let addressMap = "__bpf_usdt_ip_to_spec_id"

    /// How descriptions look in this object.
    let layout: StaticProbeLayout
    private let specifications: UntypedMap
    private let addresses: UntypedMap?
    private let state: Mutex<State>

    private struct State {
        /// The number of each description and how many attachments use it.
        var used: [[UInt8]: (id: UInt32, uses: Int)] = [:]
        var free: [UInt32]
    }

    /// Finds the maps of an object; `nil` when it has none.
    init?(_ spec: ObjectSpec, maps: [String: UntypedMap]) {
        guard let types = spec.types, let map = maps[Self.specificationMap],
            let description = spec.map(named: Self.specificationMap),
            let layout = StaticProbeLayout(types, description.valueType)
        else { return nil }
        self.layout = layout
        specifications = map
        addresses = maps[Self.addressMap]
        let count = min(description.maximumEntries, 1 << 16)
        state = Mutex(State(free: (0..<count).reversed()))
    }

    /// Gives a description a number, under which programs find it.
    func register(_ bytes: [UInt8]) throws(BPFError) -> UInt32 {
        let answer = state.withLock { state -> (id: UInt32, isNew: Bool)? in
            if let known = state.used[bytes] {
                state.used[bytes] = (known.id, known.uses + 1)
                return (known.id, false)
            }
            guard let id = state.free.popLast() else { return nil }
            state.used[bytes] = (id, 1)
            return (id, true)
        }
        guard let answer else {
            throw BPFError(
                .invalidArgument, "there are more kinds of static probes than the object has room for",
                hint: "define BPF_USDT_MAX_SPEC_CNT before including bpf/usdt.bpf.h")
        }
        if answer.isNew {
            do throws(BPFError) {
                try specifications.setValue(bytes, for: Self.key(answer.id))
            } catch {
                release(bytes)
                throw error
            }
        }
        return answer.id
    }

    /// Says that an attachment does not use a description any more.
    func release(_ bytes: [UInt8]) {
        state.withLock { state in
            guard let known = state.used[bytes] else { return }
            if known.uses > 1 {
                state.used[bytes] = (known.id, known.uses - 1)
            } else {
                state.used[bytes] = nil
                state.free.append(known.id)
            }
        }
    }

    /// Tells programs, on kernels without cookies, which description belongs to an address.
    func setAddress(_ address: UInt64, id: UInt32) throws(BPFError) {
        guard let addresses else {
            throw BPFError(
                .notSupported, "the object has no map \(Self.addressMap), which kernels before 5.15 need")
        }
        try addresses.setValue(Self.key(id), for: Self.key(address))
    }

    /// Forgets an address.
    func removeAddress(_ address: UInt64) {
        _ = try? addresses?.removeValue(for: Self.key(address))
    }

    private static func key(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number) { [UInt8]($0) }
    }
}
