// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import Diagnostics
import Linux

/// Loads a service's object and attaches its programs, with what this kernel permits.
struct ServiceLauncher {
    private let name: String
    private let run: RunOptions
    private let output: ServiceOutput
    private let plan: AttachPlan

    init(_ name: String, _ run: RunOptions, _ output: ServiceOutput) throws {
        self.name = name
        self.run = run
        self.output = output
        plan = try AttachPlan(run)
    }

    /// Loads and attaches.
    ///
    /// - Parameter prepare: gets the object before anything is attached, so that readers wait when the first record comes.
    func start(_ given: ObjectSpec, prepare: (LoadedObject) throws -> Void) throws -> RunningObject {
        let spec = withoutPins(given)
        let selected = try selection(spec)
        let (object, refused) = try load(spec, selected)
        report(object.report)
        run.observer?(.loaded)
        try prepare(object)
        var attachments = Attachments()
        var iterators: [AttachedIterator] = []
        var failures = refused
        for program in object.programs where program.spec.hook.map({ $0.family.isAttachable }) ?? false {
            let options = try plan.options(for: program, of: object)
            do throws(BPFError) {
                let link = try program.attach(options)
                if program.spec.hook?.family == .iterator {
                    iterators.append(AttachedIterator(program, spec, IteratorReader(link)))
                } else {
                    attachments.add(link)
                }
            } catch {
                guard error.code == .notSupported || error.code == .refused || error.code == .notFound else {
                    throw error
                }
                failures.append((program.name, error))
            }
        }
        for table in object.structOps {
            do throws(BPFError) {
                attachments.add(try table.attach())
                output.say("registered \(table.kernelName) \(table.name), which is \(try table.state())")
            } catch {
                failures.append((table.name, error))
            }
        }
        let isEmpty = attachments.isEmpty && iterators.isEmpty
        if isEmpty, let first = failures.first?.error { throw first }
        for (name, error) in failures { output.warn("the program \(name) is left out: \(error.message)") }
        guard !isEmpty else {
            throw ServiceError(.failed, "\(self.name) has no program that can be attached")
        }
        run.observer?(.attached)
        return RunningObject(object: object, attachments: attachments, iterators: iterators)
    }

    /// Where no bpffs is mounted, maps that ask to be pinned live as long as this run: they still show what they count.
    private func withoutPins(_ given: ObjectSpec) -> ObjectSpec {
        // A folder that was asked for must be there.
        guard run.pinFolder == nil else { return given }
        let directory = LoadOptions().pinDirectory
        let pinned = given.maps.filter(\.isPinnedByName)
        guard !pinned.isEmpty, !BPFFileSystem.contains(directory) else { return given }
        output.say(
            "maps are not pinned (\(pinned.map(\.name).joined(separator: ", "))), since no bpffs is mounted at \(directory)"
        )
        var spec = given
        for index in spec.maps.indices { spec.maps[index].isPinnedByName = false }
        return spec
    }

    /// The programs to load: those whose targets are known.
    private func selection(_ spec: ObjectSpec) throws(ServiceError) -> Set<String> {
        guard !spec.programs.isEmpty else {
            throw ServiceError(.failed, "\(name) has no programs", hint: "functions need a section, as in SEC(\"xdp\")")
        }
        for name in run.programs where spec.program(named: name) == nil {
            throw ServiceError(
                .usage, "\(self.name) has no program \(name)",
                hint: "it has " + spec.programs.map(\.name).joined(separator: ", "))
        }
        let candidates = spec.programs.filter {
            run.programs.isEmpty ? $0.isLoadedByDefault : run.programs.contains($0.name)
        }
        var selected = Set(candidates.map(\.name))
        var missing: [(program: ProgramSpec, option: String)] = []
        for program in candidates {
            if let option = plan.missingOption(for: program) { missing.append((program, option)) }
        }
        // A program without a target is an error when nothing else would run, or when it is one of many alike.
        if missing.count == candidates.count, let first = missing.first {
            throw ServiceError(
                .usage, "the program \(first.program.name) (\(first.program.section)) does not say what to attach to",
                hint: "give \(first.option)" + Self.example(first.option))
        }
        for (program, option) in missing {
            output.warn("the program \(program.name) (\(program.section)) is left out: it needs \(option)")
            selected.remove(program.name)
        }
        return selected
    }

    private static func example(_ option: String) -> String {
        switch option {
        case "--target": " PROGRAM: the number, name or path of a loaded program, as `skep prog list` shows them"
        case "--target-function": " NAME of a function of the program that --target names"
        case "--socket":
            " PROCESS:DESCRIPTOR of a socket, as `ss -tunlp` shows them; for sk_reuseport it must have SO_REUSEPORT set"
        case "--iface": " NAME of a network interface, as `ip link` lists them"
        case "--netfilter-hook": " NAME: prerouting, input, forward, output or postrouting; ipv6/input for IPv6"
        case "--route": " ADDRESS/LENGTH, and the --iface that the route leads to"
        case "--cgroup": " PATH of a cgroup v2 folder"
        case "--binary": " PATH of an executable or library, and --symbol FUNCTION"
        default: " FUNCTION"
        }
    }

    /// Loads, and takes the next best program where an alternative was refused.
    private func load(
        _ spec: ObjectSpec, _ selected: Set<String>
    ) throws -> (LoadedObject, [(name: String, error: BPFError)]) {
        let alternatives = Alternatives(spec.programs)
        var chosen = run.programs.isEmpty ? selected.subtracting(alternatives.leftOut()) : selected
        let replacement = try plan.replacement()
        let replacedMaps = try plan.replacedMaps(spec)
        for _ in 0..<8 {
            var options = LoadOptions()
            options.kernelTypes = run.kernelTypes.map { KernelTypes(path: $0) } ?? .running
            options.kernelConfiguration = run.kernelConfiguration
            options.programs = chosen
            options.replacement = replacement
            options.replacedMaps = replacedMaps
            options.boundDevice = run.boundDevice
            if let folder = run.pinFolder { options.pinDirectory = folder }
            options.tokenPath = run.token
            options.skipsRefusedPrograms = true
            let object = try LoadedObject(spec, options: options)
            let refused = object.report.skippedPrograms
            var next = chosen
            for (name, _) in refused {
                guard let replacement = alternatives.replacements(for: name) else { continue }
                next.subtract(replacement.out)
                next.formUnion(replacement.in.intersection(selected))
            }
            if next == chosen {
                if object.programs.isEmpty, let first = refused.first { throw first.error }
                return (object, refused)
            }
            chosen = next
        }
        throw ServiceError(.failed, "no set of programs of \(name) can be loaded")
    }

    private func report(_ report: LoadReport) {
        guard run.isVerbose else { return }
        for line in report.descriptions { output.warn(line) }
    }
}

/// A loaded object with what keeps its programs attached.
struct RunningObject: ~Copyable {
    let object: LoadedObject
    var attachments: Attachments
    let iterators: [AttachedIterator]

    init(object: LoadedObject, attachments: consuming Attachments, iterators: [AttachedIterator]) {
        self.object = object
        self.attachments = attachments
        self.iterators = iterators
    }

    /// What was attached to, for people.
    var descriptions: [String] { attachments.descriptions + iterators.map(\.reader.description) }

    /// How many programs are attached, as a phrase.
    var summary: String {
        guard !iterators.isEmpty else { return attachments.summary }
        let text = iterators.count == 1 ? "1 iterator" : "\(iterators.count) iterators"
        return attachments.isEmpty ? text : attachments.summary + ", " + text
    }
}

extension HookFamily {
    /// Whether programs of the family are attached; others are called or put into maps.
    var isAttachable: Bool {
        switch self {
        case .xdpMap, .systemCallProgram, .structOps: false
        default: true
        }
    }
}
