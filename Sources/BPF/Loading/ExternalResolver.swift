// SPDX-License-Identifier: Apache-2.0

import BPFObject
import BTF
import Bytes
import Diagnostics
import Linux

/// Finds what the kernel has for an object's external symbols: configuration, variables and functions.
struct ExternalResolver {
    /// What an external symbol stands for on this kernel.
    enum Resolution {
        /// A byte offset in the map of the `.kconfig` section.
        case configuration(map: String, offset: UInt32)
        /// A variable or function in the types of the kernel or of a module (by its index in the descriptor list).
        case typed(id: UInt32, module: Int?)
        /// An address of a symbol without a type.
        case address(UInt64)
        /// Weak, and not there.
        case missing
    }

    private(set) var resolutions: [String: Resolution] = [:]
    /// Descriptors of the types of modules that are used.
    private(set) var modules: [SharedDescriptor] = []
    /// The addresses of the object's symbols without types, read once.
    private var addresses: [String: UInt64]?

    mutating func resolve(
        _ spec: inout ObjectSpec, kernelTypes: KernelTypes, options: LoadOptions, report: inout LoadReport
    ) throws(BPFError) {
        guard !spec.externals.isEmpty else { return }
        try resolveConfiguration(&spec, options)
        for external in spec.externals {
            switch external.kind {
            case .kernelConfiguration: continue
            case .kernelFunction:
                resolutions[external.name] = try typed(external, kind: .function, kernelTypes)
            case .kernelVariable:
                let hasType = spec.types.flatMap { types in
                    (try? types.resolve(external.type)).flatMap { types.kind($0) }
                }
                resolutions[external.name] =
                    hasType == nil ? nil : try typed(external, kind: .variable, kernelTypes)
                if resolutions[external.name] == nil { resolutions[external.name] = try address(external, of: spec) }
            }
            if resolutions[external.name] == nil {
                guard external.isWeak else {
                    throw BPFError(
                        .notSupported, "this kernel has no \(external.name), which the object needs",
                        context: [.init("object", spec.name), .init("symbol", external.name)],
                        hint: "declare it __weak and test it with bpf_ksym_exists() to run without it")
                }
                resolutions[external.name] = .missing
                report.entries.append(.missingWeakSymbol(name: external.name))
            }
        }
    }

    // MARK: - Kernel configuration

    private mutating func resolveConfiguration(_ spec: inout ObjectSpec, _ options: LoadOptions) throws(BPFError) {
        guard let map = spec.maps.firstIndex(where: { $0.section?.access == .kernelConfiguration }) else { return }
        var configuration: [String: String]?
        for external in spec.externals {
            guard case .kernelConfiguration(let offset, let size) = external.kind else { continue }
            resolutions[external.name] = .configuration(map: spec.maps[map].name, offset: UInt32(offset))
            var text: String?
            if let given = options.kernelConfiguration[external.name] {
                text = given
            } else if external.name.hasPrefix("CONFIG_") {
                if configuration == nil { configuration = (try? KernelConfiguration.current())?.options ?? [:] }
                text = configuration?[external.name]
            } else {
                text = try loaderValue(external.name)
            }
            guard let text else {
                guard !external.isWeak else { continue }
                let isKnown = external.name.hasPrefix("CONFIG_") && configuration?.isEmpty == false
                throw BPFError(
                    .notSupported,
                    isKnown
                        ? "this kernel was built without \(external.name), which the object needs"
                        : "the kernel's configuration does not tell \(external.name)",
                    context: [.init("object", spec.name)],
                    hint: "declare it __weak to run without it, or give its value")
            }
            let bytes = try encode(text, size: size, of: external, types: spec.types, order: spec.order)
            spec.maps[map].section?.contents.replaceSubrange(offset..<offset + size, with: bytes)
        }
    }

    /// Values that the loader knows, with the meaning that libbpf gives them.
    private func loaderValue(_ name: String) throws(BPFError) -> String? {
        switch name {
        case "LINUX_KERNEL_VERSION": return String(KernelVersion.current.code)
        // Attach cookies came with Linux 5.15.
        case "LINUX_HAS_BPF_COOKIE": return KernelVersion.current >= KernelVersion(5, 15, 0) ? "y" : "n"
        // System calls take their arguments in a pt_regs since 4.17 on x86-64, 4.19 on arm64.
        case "LINUX_HAS_SYSCALL_WRAPPER": return "y"
        default: return nil
        }
    }

    /// Writes a value of the kernel's configuration as its C type wants it.
    private func encode(
        _ text: String, size: Int, of external: ExternalSpec, types: BTFTable?, order: ByteOrder
    ) throws(BPFError) -> [UInt8] {
        func invalid(_ reason: String) -> BPFError {
            BPFError(
                .typeMismatch, "the value \(text) of \(external.name) \(reason)",
                context: [.init("symbol", external.name)])
        }
        var bytes: [UInt8] = []
        if text.hasPrefix("\"") {
            bytes = Array(text.dropFirst().dropLast().utf8.prefix(max(size - 1, 0)))
            return bytes + [UInt8](repeating: 0, count: size - bytes.count)
        }
        var number: UInt64
        switch text {
        case "y", "n", "m":
            let isCharacter = types.flatMap { types in
                (try? types.resolve(external.type)).flatMap { try? types.type($0) }
            }
            if size == 1, case .integer(let integer)? = isCharacter, !integer.encoding.contains(.boolean) {
                number = UInt64(text.utf8.first ?? 0)
            } else {
                number = text == "y" ? 1 : text == "m" ? 2 : 0
                if size == 1, text == "m" { throw invalid("does not fit a bool") }
            }
        default:
            if text.hasPrefix("0x"), let value = UInt64(text.dropFirst(2), radix: 16) {
                number = value
            } else if let value = Int64(text) {
                number = UInt64(bitPattern: value)
            } else if let value = UInt64(text) {
                number = value
            } else {
                throw invalid("is not a number")
            }
        }
        bytes.append(number, order: .little)
        guard size <= 8 else { throw invalid("does not fit a type of \(size) bytes") }
        guard bytes[size...].allSatisfy({ $0 == 0 }) || bytes[size...].allSatisfy({ $0 == 0xff }) else {
            throw invalid("does not fit \(size) bytes")
        }
        bytes = Array(bytes.prefix(size))
        return order == .little ? bytes : bytes.reversed()
    }

    // MARK: - Kernel symbols

    private mutating func typed(
        _ external: ExternalSpec, kind: BTFKind, _ kernelTypes: KernelTypes
    ) throws(BPFError) -> Resolution? {
        // A flavour `name___suffix` stands for `name`.
        let name = external.name.split(separator: "___", maxSplits: 1).first.map(String.init) ?? external.name
        // Ids of another kernel's types mean nothing to this one.
        guard kernelTypes.isRunning else { return nil }
        let core = try kernelTypes.core()
        // Functions whose last argument the verifier fills in were called `…_impl` before Linux 7.0, and newer kernels
        // describe that name beside the plain one without letting programs call it. The other arguments are the same.
        if kind == .function {
            let plain = name.hasSuffix("_impl") ? String(name.dropLast(5)) : nil
            for other in [plain, core.firstID(named: name, kind: kind) == nil ? name + "_impl" : nil] {
                if let other, let id = core.firstID(named: other, kind: kind) {
                    return .typed(id: id.rawValue, module: nil)
                }
            }
        }
        if let id = core.firstID(named: name, kind: kind) {
            // The verifier looks at every call before it knows which code is reached.
            if kind == .function, external.isWeak, !Self.isCallable(id, in: core) { return nil }
            return .typed(id: id.rawValue, module: nil)
        }
        for module in try kernelTypes.modules() {
            guard let id = module.table.firstID(named: name, kind: kind), id >= module.table.firstTypeID else {
                continue
            }
            if let known = modules.firstIndex(where: { $0.name == module.name }) {
                return .typed(id: id.rawValue, module: known)
            }
            guard let descriptor = try openTypes(ofModule: module.name) else { continue }
            modules.append(SharedDescriptor(name: module.name, descriptor: descriptor))
            return .typed(id: id.rawValue, module: modules.count - 1)
        }
        return nil
    }

    /// Whether programs may call a function of the kernel, as far as its types tell.
    ///
    /// Kernels from 7.0 on describe functions that exist under another name only (`bpf_stream_vprintk_impl`).
    private static func isCallable(_ id: BTFTypeID, in types: BTFTable) -> Bool {
        let tags = types.ids(named: "bpf_kfunc", kind: .declarationTag)
        // Before Linux 6.10 nothing was tagged.
        return tags.isEmpty
            || tags.contains { tag in
                if case .declarationTag(let tag)? = try? types.type(tag) { return tag.type == id }
                return false
            }
    }

    /// A descriptor of the types of a module, for programs and maps that refer to them.
    func descriptor(ofModule name: String) throws(BPFError) -> SharedDescriptor {
        if let known = modules.first(where: { $0.name == name }) { return known }
        guard let descriptor = try openTypes(ofModule: name) else {
            throw BPFError(.notFound, "the module \(name) was unloaded", hint: "load it, and try again")
        }
        return SharedDescriptor(name: name, descriptor: descriptor)
    }

    /// Looks through the types that the kernel has for those of a module.
    private func openTypes(ofModule name: String) throws(BPFError) -> FileDescriptor? {
        do throws(LinuxError) {
            var id: UInt32 = 0
            while let next = try BPFSystemCall.nextID(.btf, after: id) {
                id = next
                guard let descriptor = try? BPFSystemCall.open(.btf, id: id),
                    let information = try? BPFSystemCall.btfInformation(of: descriptor.rawValue)
                else { continue }
                if information.isKernel, information.name == name { return descriptor }
            }
            return nil
        } catch {
            throw BPFError.system(error, "cannot look through the kernel's types")
        }
    }

    private mutating func address(_ external: ExternalSpec, of spec: ObjectSpec) throws(BPFError) -> Resolution? {
        if addresses == nil {
            let names = spec.externals.lazy.filter { $0.kind == .kernelVariable }.map(\.name)
            do throws(LinuxError) {
                addresses = try KernelSymbols.addresses(of: Set(names))
            } catch {
                throw BPFError(.system, "cannot read the kernel's symbols", cause: error)
            }
        }
        let address = addresses?[external.name]
        guard address != 0 else {
            throw BPFError(
                .notPermitted, "the kernel hides the addresses of its symbols, and the object needs \(external.name)",
                hint: "set /proc/sys/kernel/kptr_restrict to 1 and run as root")
        }
        return address.map { .address($0) }
    }
}

/// A descriptor that several programs refer to while they are loaded.
final class SharedDescriptor: Sendable {
    let name: String
    let descriptor: FileDescriptor

    init(name: String, descriptor: consuming FileDescriptor) {
        self.name = name
        self.descriptor = descriptor
    }
}
