// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Diagnostics
import ELF
import Linux

/// Static probes of executables and libraries (USDT): `usdt/PATH:PROVIDER:NAME`.
///
/// The program reads the probe's values with `bpf_usdt_arg()` of `<bpf/usdt.bpf.h>`, which finds in a map where they are;
/// this writes that map.
///
/// - Note: uprobes, all places of a probe with one link since Linux 6.6; cookies tell the places apart since 5.15, before
///   that their addresses.
enum StaticProbeHook: Hook {
    static let families: [HookFamily] = [.userStaticProbe]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        let context: [DiagnosticContext] = [.init("program", program.name), .init("section", program.spec.section)]
        guard let registry = program.staticProbes else {
            throw BPFError(
                .invalidArgument, "the object has no map \(StaticProbeRegistry.specificationMap) for static probes",
                context: context, hint: "include <bpf/usdt.bpf.h> and use BPF_USDT")
        }
        let (path, provider, name) = try target(of: program, options)
        let places = try StaticProbePlace.find(provider, name, in: path, program: program)
        var used: [[UInt8]] = []
        var attached = false
        defer { if !attached { used.forEach { registry.release($0) } } }
        var numbers: [UInt32] = []
        for place in places {
            let bytes = try description(of: place, registry, cookie: options.cookie, path: path, context)
            numbers.append(try registry.register(bytes))
            used.append(bytes)
        }
        let addresses = try setAddresses(of: places, numbers, path, options, registry, context)
        defer { if !attached { addresses.forEach { registry.removeAddress($0) } } }
        let parts: [LinkPart]
        do throws(LinuxError) {
            parts = try attach(program, places, numbers, path, options)
        } catch {
            throw program.attachError(error, to: "the static probe \(provider):\(name) of \(path)")
        }
        attached = true
        let end = LinkPart { [used, addresses] in
            addresses.forEach { registry.removeAddress($0) }
            used.forEach { registry.release($0) }
        }
        return Link("usdt \(path):\(provider):\(name)", parts: parts + [end])
    }

    /// `PATH:PROVIDER:NAME`; the path may come from the options, and hold colons.
    private static func target(
        of program: Program, _ options: AttachOptions
    ) throws(BPFError) -> (path: String, provider: String, name: String) {
        var words = (program.spec.target ?? "").split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if let symbol = options.symbol {
            words = [words.dropLast(2).joined(separator: ":")] + symbol.split(separator: ":").map(String.init)
        }
        let path = options.binary ?? (words.count > 2 ? words.dropLast(2).joined(separator: ":") : "")
        guard words.count >= 2, !path.isEmpty, let name = words.last, !name.isEmpty else {
            throw BPFError(
                .invalidArgument,
                "the section \(program.spec.section) of the program \(program.name) does not name a static probe",
                hint: "give --binary PATH and --symbol PROVIDER:NAME, or write SEC(\"usdt/PATH:PROVIDER:NAME\")")
        }
        return (try ExecutableSearch.find(path, process: options.process), words[words.count - 2], name)
    }

    private static func description(
        of place: StaticProbePlace, _ registry: StaticProbeRegistry, cookie: UInt64, path: String,
        _ context: [DiagnosticContext]
    ) throws(BPFError) -> [UInt8] {
        guard let machine = StaticProbeArgument.Machine.current else {
            throw BPFError(.notSupported, "static probes of this machine's kind are not known", context: context)
        }
        switch StaticProbeArgument.parse(place.arguments, for: machine) {
        case .failure(let failure):
            throw BPFError(
                .notSupported, "the static probe of \(path) has a value that is not understood: \(failure.text)",
                context: context)
        case .success(let values):
            guard let bytes = registry.layout.encode(values, cookie: cookie) else {
                throw BPFError(
                    .notSupported,
                    "the object cannot be told where the values of the static probe are: \(place.arguments)",
                    context: context, hint: "compile it with the newest <bpf/usdt.bpf.h>")
            }
            return bytes
        }
    }

    /// Tells kernels without cookies at which addresses the places are.
    private static func setAddresses(
        of places: [StaticProbePlace], _ numbers: [UInt32], _ path: String, _ options: AttachOptions,
        _ registry: StaticProbeRegistry, _ context: [DiagnosticContext]
    ) throws(BPFError) -> [UInt64] {
        guard KernelVersion.current < KernelVersion(5, 15) else { return [] }
        var set: [UInt64] = []
        for (place, number) in zip(places, numbers) {
            for address in place.addresses(in: path, process: options.process) where !set.contains(address) {
                try registry.setAddress(address, id: number)
                set.append(address)
            }
        }
        guard !set.isEmpty else {
            throw BPFError(
                .notSupported,
                "no process runs \(path), and before Linux 5.15 static probes of it are found in running processes only",
                context: context, hint: "start the program first")
        }
        return set
    }

    private static func attach(
        _ program: Program, _ places: [StaticProbePlace], _ numbers: [UInt32], _ path: String, _ options: AttachOptions
    ) throws(LinuxError) -> [LinkPart] {
        let hasCookies = KernelVersion.current >= KernelVersion(5, 15)
        if program.expectedAttachType != 0 {
            let counters = places.map(\.counterOffset)
            let link = try UprobeMultiHook.create(
                program, path, places.map(\.offset), counters: counters.contains { $0 != 0 } ? counters : [],
                cookies: numbers.map { UInt64($0) }, options: options)
            return [LinkPart(link)]
        }
        var parts: [LinkPart] = []
        for (place, number) in zip(places, numbers) {
            let probed = UprobePlace(path: path, offset: place.offset, counterOffset: place.counterOffset)
            parts.append(try UprobeHook.attach(program, probed, options, cookie: hasCookies ? UInt64(number) : 0))
        }
        return parts
    }
}
