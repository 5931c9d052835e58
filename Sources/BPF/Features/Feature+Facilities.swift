// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import Linux

extension Feature {
    /// What else a loader depends on.
    public static let facilities: [Feature] = [
        Feature(.facility, "kernel_types", since: "5.4", options: ["CONFIG_DEBUG_INFO_BTF"]) {
            Files.exists("/sys/kernel/btf/vmlinux") ? .available : .unsupported
        },
        Feature(.facility, "types", since: "4.18") { loadTypes(ProbeTypes.integer) },
        Feature(.facility, "function_types", since: "5.0") { loadTypes(ProbeTypes.function) },
        Feature(.facility, "names", since: "4.15") {
            make(MapCreation(kind: 2, keySize: 4, valueSize: 4, maxEntries: 1, name: "skep_probe"))
        },
        Feature(.facility, "mappable_arrays", since: "5.5") {
            make(MapCreation(kind: 2, keySize: 4, valueSize: 4, maxEntries: 1, flags: 1 << 10))
        },
        Feature(.facility, "global_data", since: "5.2") { globalData() },
        Feature(.facility, "batches", since: "5.6") { batches() },
        program("bounded_loops", "5.3", loop),
        program("million_instructions", "5.2", [Instruction](repeating: moveZero, count: 5000) + [ProbeProgram.exit]),
        program("instructions_v2", "4.14", instructions(0xa5)),
        program("instructions_v3", "5.1", instructions(0xa6)),
        program(
            "instructions_v4", "6.6",
            [
                moveZero,
                // r0 = (s8)r0
                Instruction(opcode: 0xbf, destination: 0, source: 0, offset: 8, immediate: 0),
                ProbeProgram.exit,
            ]),
        program(
            "atomic_instructions", "5.12",
            [
                moveZero,
                Instruction(opcode: 0x7a, destination: 10, source: 0, offset: -8, immediate: 0),
                // r0 = atomic_fetch_add(fp - 8, r0)
                Instruction(opcode: 0xdb, destination: 10, source: 0, offset: -8, immediate: 1), moveZero,
                ProbeProgram.exit,
            ]),
        // The helper `bpf_ktime_get_coarse_ns` came with the accounting of BPF memory to cgroups.
        program(
            "memory_accounting", "5.11",
            [
                Instruction(opcode: 0x85, destination: 0, source: 0, offset: 0, immediate: 160), moveZero,
                ProbeProgram.exit,
            ]),
        Feature(.facility, "statistics", since: "5.8") {
            do throws(LinuxError) {
                _ = try BPFSystemCall.enableStatistics()
                return .available
            } catch {
                return .judge(error)
            }
        },
    ]

    private static let moveZero = Instruction(opcode: 0xb7, destination: 0, source: 0, offset: 0, immediate: 0)

    /// Counts to four.
    private static let loop = [
        moveZero, Instruction(opcode: 0x07, destination: 0, source: 0, offset: 0, immediate: 1),
        Instruction(opcode: 0xa5, destination: 0, source: 0, offset: -2, immediate: 4), moveZero, ProbeProgram.exit,
    ]

    /// A conditional jump that only newer instruction sets have.
    private static func instructions(_ opcode: UInt8) -> [Instruction] {
        [
            moveZero, Instruction(opcode: opcode, destination: 0, source: 0, offset: 1, immediate: 1), moveZero,
            ProbeProgram.exit,
        ]
    }

    /// A socket filter that only loads where the kernel has the feature; the verifier's words are then about it.
    private static func program(_ name: String, _ version: KernelVersion, _ instructions: [Instruction]) -> Feature {
        Feature(.facility, name, since: version) {
            let answer = ProbeProgram.load(kind: 1, instructions)
            if answer.error == nil { return .available }
            return answer.log.isEmpty ? answer.outcome : .unsupported
        }
    }

    private static func make(_ creation: MapCreation) -> ProbeOutcome {
        do throws(LinuxError) {
            _ = try BPFSystemCall.createMap(creation)
            return .available
        } catch {
            return .judge(error)
        }
    }

    private static func loadTypes(_ bytes: [UInt8]) -> ProbeOutcome {
        var log: VerifierLog?
        do throws(LinuxError) {
            _ = try BPFSystemCall.loadBTF(bytes, log: &log)
            return .available
        } catch {
            return .judge(error)
        }
    }

    /// An instruction with an address inside a map's value.
    private static func globalData() -> ProbeOutcome {
        do throws(LinuxError) {
            let map = try BPFSystemCall.createMap(MapCreation(kind: 2, keySize: 4, valueSize: 32, maxEntries: 1))
            let answer = ProbeProgram.load(
                kind: 1,
                [
                    Instruction(opcode: 0x18, destination: 1, source: 2, offset: 0, immediate: map.rawValue),
                    Instruction(opcode: 0, destination: 0, source: 0, offset: 0, immediate: 16),
                    Instruction(opcode: 0x7a, destination: 1, source: 0, offset: 0, immediate: 42), moveZero,
                    ProbeProgram.exit,
                ])
            if answer.error == nil { return .available }
            return answer.log.isEmpty ? answer.outcome : .unsupported
        } catch {
            return .judge(error)
        }
    }

    private static func batches() -> ProbeOutcome {
        do throws(LinuxError) {
            let map = try BPFSystemCall.createMap(MapCreation(kind: 2, keySize: 4, valueSize: 4, maxEntries: 2))
            let result = BPFSystemCall.updateBatch(
                map: map.rawValue, keys: [0, 1] as [UInt32], values: [1, 2] as [UInt32], count: 2)
            return .judge(result.error)
        } catch {
            return .judge(error)
        }
    }
}
