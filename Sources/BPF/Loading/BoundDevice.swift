// SPDX-License-Identifier: Apache-2.0

import BPFObject
public import Linux

/// A network device that XDP programs are loaded for.
///
/// A program that is bound to a device may call the kernel functions that tell what the device knows of a packet, such as
/// `bpf_xdp_metadata_rx_hash` (Linux 6.3). An offloaded one runs in the device itself (Linux 4.16).
///
/// ```swift
/// var options = LoadOptions()
/// options.boundDevice = BoundDevice("eth0")
/// ```
public struct BoundDevice: Sendable, Hashable {
    /// The interface's name.
    public var interface: String
    /// Where the interface is, or `nil` for the caller's namespace.
    public var namespace: NetworkNamespace?
    /// Whether the program runs in the device.
    public var isOffloaded: Bool

    /// Names a device.
    public init(_ interface: String, in namespace: NetworkNamespace? = nil, isOffloaded: Bool = false) {
        self.interface = interface
        self.namespace = namespace
        self.isOffloaded = isOffloaded
    }

    private static let requirement = KernelRequirement(what: "programs that are bound to a device", version: "6.3")

    func apply(to request: inout ProgramLoad, _ hook: SectionDefinition) throws(BPFError) {
        // Programs in maps run for frames of any device.
        guard hook.family == .xdp else { return }
        if !isOffloaded, KernelVersion.current < Self.requirement.version, let lack = Self.requirement.lack {
            throw BPFError(.notSupported, lack, hint: KernelRequirement.hint)
        }
        do throws(LinuxError) {
            request.interfaceIndex = try run { [interface] () throws(LinuxError) in
                try Interfaces.index(named: interface)
            }
        } catch {
            throw BPFError(
                .notFound, "there is no network interface \(interface) to load a program for",
                hint: "`ip link` lists the interfaces", cause: error)
        }
        if !isOffloaded { request.flags |= 1 << 6 }  // BPF_F_XDP_DEV_BOUND_ONLY
    }

    func load(
        _ request: ProgramLoad, _ instructions: [UInt8], _ log: inout VerifierLog?
    ) throws(LinuxError) -> FileDescriptor {
        let start = log
        let answer = try run { () throws(LinuxError) -> Answer in
            var log = start
            do throws(LinuxError) {
                let program = try BPFSystemCall.loadProgram(request, instructions: instructions, log: &log)
                return Answer(number: program.release(), error: nil, log: log)
            } catch {
                return Answer(number: -1, error: error, log: log)
            }
        }
        log = answer.log
        if let error = answer.error { throw error }
        return FileDescriptor(owning: answer.number)
    }

    private struct Answer: Sendable {
        let number: Int32
        let error: LinuxError?
        let log: VerifierLog?
    }

    private func run<Value: Sendable>(_ body: @Sendable () throws(LinuxError) -> Value) throws(LinuxError) -> Value {
        guard let namespace else { return try body() }
        return try namespace.run(body)
    }
}
