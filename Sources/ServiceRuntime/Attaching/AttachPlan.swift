// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import Linux

/// What the command line adds to the sections of a service's programs.
struct AttachPlan {
    private var options: AttachOptions
    private let targets: LiveTargets
    /// Whether the file of probes is the observed process's program, for lack of another.
    private let isOwnProgram: Bool
    /// The socket of another process, as a descriptor of this one that lives as long as the plan.
    private var socket: SharedSocket?

    init(_ run: RunOptions) throws {
        options = run.attach
        targets = run.targets
        if let (process, descriptor) = targets.socket {
            let socket = try SharedSocket(descriptor, of: process)
            options.socket = socket.number
            self.socket = socket
        }
        // Functions of one process are most often those of the program that it runs.
        isOwnProgram = options.binary == nil && options.process != nil
        if isOwnProgram, let process = options.process { options.binary = "/proc/\(process)/exe" }
        if let (isBefore, word) = targets.neighbour { options.order = try Self.order(isBefore, word) }
    }

    /// The place before or after what a word means: `all`, a program's number, name or path, `link:` and a link's number
    /// or path.
    private static func order(_ isBefore: Bool, _ word: String) throws -> AttachOrder {
        if word == "all" { return AttachOrder(isBefore ? .first : .last) }
        let neighbour: AttachOrder.Neighbour =
            if word.hasPrefix("link:") {
                .link(id: try LiveSelection.link(String(word.dropFirst(5))).id)
            } else {
                .program(id: try LiveSelection.program(word).id)
            }
        return AttachOrder(isBefore ? .before(neighbour) : .after(neighbour))
    }

    /// What a program still needs before it can be attached, as an option of the command line, or `nil`.
    func missingOption(for program: ProgramSpec) -> String? {
        switch program.hook?.family {
        case .xdp, .trafficControl, .netkit: return options.interfaces.isEmpty ? "--iface" : nil
        case .socketFilter: return options.interfaces.isEmpty && options.socket == nil ? "--iface" : nil
        case .socketReuseport: return options.socket == nil ? "--socket" : nil
        case .netfilter: return options.netfilter == nil ? "--netfilter-hook" : nil
        case .tunnel: return options.route == nil ? "--route" : options.interfaces.isEmpty ? "--iface" : nil
        case .cgroup: return options.cgroup == nil ? "--cgroup" : nil
        case .replacement:
            if targets.program == nil { return "--target" }
            return targets.function == nil && (program.target ?? "").isEmpty ? "--target-function" : nil
        case .uprobe:
            let target = program.target ?? ""
            let colon = target.lastIndex(of: ":")
            if options.binary == nil, colon == nil, !target.contains("/") { return "--binary" }
            // `uprobe/FUNCTION` names the function alone.
            if options.symbol == nil, options.symbols.isEmpty, colon == nil, target.isEmpty || target.contains("/") {
                return "--symbol"
            }
            return nil
        default: return nil
        }
    }

    /// What a program's section leaves open.
    ///
    /// - Throws: ``ServiceError`` where several maps could be meant, or none.
    func options(for program: Program, of object: LoadedObject) throws -> AttachOptions {
        var options = options
        let section = program.spec
        switch section.hook?.family {
        case .iterator:
            let target = section.target ?? ""
            options.iterator = IteratorTarget()
            switch target {
            case "bpf_map_elem", "bpf_sk_storage_map", "sockmap":
                options.iterator.map = try iteratedMap(section, target, object)
            case "task", "task_file", "task_vma":
                options.iterator.thread = self.options.iterator.thread
                options.iterator.process = options.iterator.thread == nil ? options.process : nil
            case "cgroup":
                options.iterator.cgroup = options.cgroup
                options.iterator.order = self.options.iterator.order
            default: break
            }
        case .socketMap: options.socketMap = try socketMap(section, object)
        case .uprobe, .uprobeMulti, .userStaticProbe: options.binary = binary(section)
        default: break
        }
        return options
    }

    /// The process's own program stands for a path only where the section names none.
    private func binary(_ program: ProgramSpec) -> String? {
        guard isOwnProgram, let target = program.target else { return options.binary }
        let colons = target.count { $0 == ":" }
        // A static probe's name has a colon itself: PROVIDER:NAME.
        let namesFile = target.contains("/") || colons > (program.hook?.family == .userStaticProbe ? 1 : 0)
        return namesFile ? nil : options.binary
    }

    private func iteratedMap(_ program: ProgramSpec, _ target: String, _ object: LoadedObject) throws -> UntypedMap {
        if let word = targets.iteratedMap { return try Self.map(word, object) }
        let fitting = object.maps.filter { map in
            guard object.spec.map(named: map.name)?.section == nil else { return false }
            return switch target {
            case "sockmap": map.kind == .socketMap || map.kind == .socketHash
            case "bpf_sk_storage_map": map.kind == .socketStorage
            default: Self.canIterate(map.kind)
            }
        }
        guard fitting.count == 1, let map = fitting.first else {
            throw ServiceError(
                .usage, "the iterator \(program.name) goes over a map, and does not say which",
                hint: "give --iterate MAP: "
                    + (fitting.isEmpty ? "" : "\(fitting.map(\.name).joined(separator: ", ")), or ")
                    + "the number, name or path of any map (`skep map list`)")
        }
        return map
    }

    /// `bpf_iter_attach_map` in `kernel/bpf/map_iter.c`.
    private static func canIterate(_ kind: MapKind) -> Bool {
        switch kind {
        case .hash, .leastRecentlyUsedHash, .perCPUHash, .leastRecentlyUsedPerCPUHash, .array, .perCPUArray,
            .resizableHash:
            true
        default: false
        }
    }

    private func socketMap(_ program: ProgramSpec, _ object: LoadedObject) throws -> UntypedMap? {
        let words = targets.socketMaps
        if let word = (words.first { $0.program == program.name } ?? words.first { $0.program == nil })?.map {
            return try Self.map(word, object)
        }
        let maps = object.maps.filter { $0.kind == .socketMap || $0.kind == .socketHash }
        guard maps.count > 1 else { return maps.first }
        let names = maps.map(\.name).joined(separator: ", ")
        throw ServiceError(
            .usage,
            "the program \(program.name) is attached to a map of sockets, and there are \(maps.count): \(names)",
            hint: "give --socket-map MAP, or --socket-map \(program.name)=MAP for this program alone")
    }

    /// A map of the object, else any that is loaded.
    static func map(_ word: String, _ object: LoadedObject?) throws -> UntypedMap {
        if let object, let own = object.maps.first(where: { $0.name == word }) { return own }
        do {
            return try LiveSelection.map(word).untyped()
        } catch let error as ServiceError where error.code == .notFound {
            guard let object else { throw error }
            let names = object.maps.map(\.name).filter { object.spec.map(named: $0)?.section == nil }
            throw ServiceError(
                .notFound, "there is no map of the name \(word)",
                hint: names.isEmpty
                    ? error.hint
                    : "the service has \(names.joined(separator: ", ")); `skep map list` "
                        + "shows all that are loaded")
        }
    }

    /// Looks up the function that `freplace`, `fentry` and `fexit` programs are loaded for.
    func replacement() throws -> ReplacementTarget? {
        guard let word = targets.program else { return nil }
        return try ReplacementTarget(programID: try LiveSelection.program(word).id, function: targets.function)
    }

    /// Looks up the maps that are used instead of the service's own.
    func replacedMaps(_ spec: ObjectSpec) throws -> [String: UntypedMap] {
        var maps: [String: UntypedMap] = [:]
        for (name, word) in targets.replacedMaps {
            guard spec.map(named: name) != nil else {
                let names = spec.maps.filter { $0.section == nil }.map(\.name)
                throw ServiceError(
                    .usage, "the service has no map \(name)",
                    hint: names.isEmpty ? "it has none" : "it has " + names.joined(separator: ", "))
            }
            maps[name] = try Self.map(word, nil)
        }
        return maps
    }
}

/// A socket of another process.
private final class SharedSocket: Sendable {
    private let descriptor: FileDescriptor
    var number: Int32 { descriptor.rawValue }

    init(_ number: Int32, of process: Int32) throws {
        do throws(LinuxError) {
            descriptor = try Processes.descriptor(number, of: process)
        } catch {
            switch error.errno {
            case .noSuchProcess: throw ServiceError(.notFound, "there is no process \(process)")
            case .badFileDescriptor:
                throw ServiceError(
                    .notFound, "the process \(process) has no descriptor \(number)",
                    hint: "`ss -tunlp` shows sockets with their processes and descriptors", cause: nil)
            case .notPermitted:
                throw ServiceError(
                    .notPermitted, "the socket of process \(process) cannot be shared without the right to trace it",
                    hint: "run as root, or as the user who runs that process", cause: error)
            default:
                throw ServiceError(
                    .failed, "cannot share the descriptor \(number) of process \(process)", cause: error)
            }
        }
    }
}
