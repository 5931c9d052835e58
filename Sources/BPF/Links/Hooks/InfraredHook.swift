// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// Pulses and pauses of an infrared receiver: `lirc_mode2`.
///
/// - Note: Linux 4.18 (`CONFIG_BPF_LIRC_MODE2`), `drivers/media/rc/bpf-lirc.c`; `BPF_PROG_ATTACH`, since there are no links.
enum InfraredHook: Hook {
    static let families: [HookFamily] = [.infrared]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        let path = options.infraredDevice
        do throws(LinuxError) {
            let device = SharedDescriptor(name: "device", descriptor: try FileDescriptor.open(path, .readWrite))
            let request = ProgramAttachment(
                program: program.rawDescriptor, target: UInt32(bitPattern: device.descriptor.rawValue), attachType: 16)
            try BPFSystemCall.attach(request)
            return Link(
                "the infrared device \(path)",
                parts: [
                    LinkPart { [program, device] in
                        withExtendedLifetime((program, device)) { try? BPFSystemCall.detach(request) }
                    }
                ])
        } catch {
            if error.errno == .noSuchFileOrDirectory || error.errno == .noSuchDeviceOrAddress {
                throw BPFError(
                    .notSupported, "this machine has no infrared device \(path)",
                    hint: "`ls /dev/lirc*` lists those that it has", cause: error)
            }
            throw program.attachError(error, to: "the infrared device \(path)")
        }
    }
}
