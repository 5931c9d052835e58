// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Diagnostics
import Linux

/// A way to attach programs: one file of `Hooks` each, and one line in ``Hooks/all``.
protocol Hook: Sendable {
    /// What sections it serves.
    static var families: [HookFamily] { get }

    /// Attaches a loaded program.
    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link
}

/// All hooks.
enum Hooks {
    static var all: [any Hook.Type] {
        [
            TracepointHook.self, RawTracepointHook.self, TracingHook.self, KprobeHook.self, UprobeHook.self,
            PerfEventHook.self, XDPHook.self, TrafficControlHook.self, SocketFilterHook.self, CgroupHook.self,
            NetkitHook.self, NetworkNamespaceHook.self, NetfilterHook.self, SocketMapHook.self, ReuseportHook.self,
            TunnelHook.self, InfraredHook.self,
        ]
    }

    static func serving(_ family: HookFamily) -> (any Hook.Type)? {
        all.first { $0.families.contains(family) }
    }
}

extension Program {
    /// Attaches the program to what its section names, and to what the options add.
    ///
    /// - Throws: ``BPFError`` when the target does not exist, the options lack something, or the kernel refuses.
    public func attach(_ options: AttachOptions = AttachOptions()) throws(BPFError) -> Link {
        guard let definition = spec.hook else {
            throw BPFError(.invalidArgument, "the section \(spec.section) of the program \(name) names no known hook")
        }
        guard let hook = Hooks.serving(definition.family) else {
            throw BPFError(
                .notFound, "Skep does not attach \(definition.name) programs yet",
                context: [.init("program", name), .init("section", spec.section)])
        }
        return try hook.attach(self, options: options)
    }

    /// The target in the section's name.
    ///
    /// - Throws: ``BPFError`` when the section names none.
    func requiredTarget(_ form: String) throws(BPFError) -> String {
        guard let target = spec.target, !target.isEmpty else {
            throw BPFError(
                .invalidArgument, "the section \(spec.section) of the program \(name) does not say what to attach to",
                hint: "write SEC(\"\(spec.hook?.name ?? "")/\(form)\")")
        }
        return target
    }

    /// Says which program could not be attached to what.
    func attachError(_ error: LinuxError, to target: String) -> BPFError {
        let context: [DiagnosticContext] = [.init("program", name), .init("section", spec.section)]
        return BPFError.system(error, "cannot attach the program \(name) to \(target)", context: context)
    }
}
