// SPDX-License-Identifier: Apache-2.0

import BPFObject
import BTF
import Bytes
import Diagnostics
import Linux

extension ObjectLoader {
    /// A table of functions on its way into the kernel.
    struct PreparedStructOps {
        var kernel: KernelStructOps
        var converted: KernelStructOps.Converted
        /// The types of the module that the table is in.
        var module: SharedDescriptor?
    }

    /// What a program stands for.
    struct StructOpsPlace {
        var kernel: KernelStructOps
        var member: Int
        var module: SharedDescriptor?
    }

    /// Whether a table is made: by default, and when at least one of its programs is wanted.
    private func isWanted(_ map: MapSpec) -> Bool {
        guard let table = map.structOps, map.isCreatedByDefault, !options.uncreatedMaps.contains(map.name) else {
            return false
        }
        guard let programs = options.programs else { return true }
        return table.functions.isEmpty || table.functions.values.contains { programs.contains($0) }
    }

    /// Finds the kernel's tables for the object's, and which programs they need.
    mutating func prepareStructOps() throws(BPFError) {
        let kernelTypes = idTypes
        for index in spec.maps.indices where spec.maps[index].structOps != nil && isWanted(spec.maps[index]) {
            let map = spec.maps[index]
            guard let table = map.structOps, let local = spec.types else { continue }
            let name = (try? local.name(local.resolve(table.type))) ?? ""
            let kernel = try KernelStructOps.find(name, kernelTypes)
            var module: SharedDescriptor?
            if let name = kernel.module { module = try externals.descriptor(ofModule: name) }
            var converted = try kernel.convert(table, named: map.name, local: local)
            if let programs = options.programs {
                // A table asks for its programs; a `?` before their section says nothing then.
                converted.functions.removeAll { function in
                    !programs.contains(function.program)
                        && spec.program(named: function.program)?.isLoadedByDefault == true
                }
            }
            for (member, program) in converted.dropped {
                report.entries.append(.droppedMember(map: map.name, member: member, program: program))
            }
            for (member, _, program) in converted.functions {
                if let other = structOpsPrograms[program], other.kernel.type != kernel.type || other.member != member {
                    throw BPFError(
                        .invalidArgument, "the program \(program) cannot stand for two different functions",
                        context: [.init("map", map.name)])
                }
                structOpsPrograms[program] = StructOpsPlace(kernel: kernel, member: member, module: module)
            }
            preparedStructOps[map.name] = PreparedStructOps(kernel: kernel, converted: converted, module: module)
            spec.maps[index].valueSize = UInt32(clamping: kernel.valueSize)
            if table.isLinked { spec.maps[index].flags |= 1 << 13 }  // BPF_F_LINK
        }
    }

    /// Makes the maps of the tables, which programs are then loaded for.
    mutating func createStructOpsMaps() throws(BPFError) {
        for map in spec.maps {
            guard let prepared = preparedStructOps[map.name] else { continue }
            var creation = MapCreation(
                kind: map.kind.rawValue, keySize: 4, valueSize: map.valueSize, maxEntries: 1, flags: map.flags,
                name: map.name)
            // The kernel wants the object's types too, though it reads nothing of them.
            creation.btf = typesDescriptor?.descriptor.rawValue
            creation.kernelValueType = prepared.kernel.valueType.rawValue
            creation.kernelValueModule = prepared.module?.descriptor.rawValue
            creation.token = token?.descriptor.rawValue
            do throws(LinuxError) {
                let descriptor = try BPFSystemCall.createMap(creation)
                maps[map.name] = UntypedMap(spec: map, types: spec.types, valuesPerEntry: 1, descriptor: descriptor)
            } catch {
                throw creationError(error, map, prepared)
            }
        }
    }

    private func creationError(_ error: LinuxError, _ map: MapSpec, _ prepared: PreparedStructOps) -> BPFError {
        let context: [DiagnosticContext] = [.init("object", spec.name), .init("map", map.name)]
        let current = KernelVersion.current
        if map.structOps?.isLinked == true, error.errno == .invalidArgument || error.errno == .kernelNotSupported {
            return BPFError(
                .notSupported,
                current < "6.4"
                    ? "links of struct_ops need Linux 6.4, this is \(current)"
                    : "the kernel refuses a link for \(prepared.kernel.name)",
                context: context, hint: "SEC(\".struct_ops\") registers without a link", cause: error)
        }
        return BPFError.system(error, "cannot make the table \(map.name)", context: context)
    }

    /// Whether a program of a table is loaded; others are left out with a word in the report.
    func isNeeded(_ program: ProgramSpec) -> Bool {
        program.hook?.family != .structOps || structOpsPrograms[program.name] != nil
    }

    /// Writes the programs into the tables.
    mutating func fillStructOps() throws(BPFError) {
        for map in spec.maps {
            guard var prepared = preparedStructOps[map.name], let made = maps[map.name] else { continue }
            var missing: BPFError?
            var used: [Program] = []
            for (_, offset, name) in prepared.converted.functions {
                guard let program = programs.first(where: { $0.name == name }) else {
                    missing =
                        report.skippedPrograms.first { $0.name == name }?.error
                        ?? BPFError(.notFound, "the program \(name), which the table \(map.name) needs, is not there")
                    break
                }
                used.append(program)
                var number: [UInt8] = []
                number.append(UInt64(UInt32(bitPattern: program.rawDescriptor)), order: .host)
                prepared.converted.value.replaceSubrange(offset..<offset + 8, with: number)
            }
            if let missing {
                report.entries.append(.missingMap(name: map.name, reason: missing))
                continue
            }
            structOps.append(
                StructOps(
                    name: map.name, kernelName: prepared.kernel.name, isLinked: map.structOps?.isLinked ?? false,
                    map: made, value: prepared.converted.value, programs: used))
        }
    }
}
