// SPDX-License-Identifier: Apache-2.0

import Bytes
import CLinux

/// The small ELF image that the kernel maps into every process (vdso(7)).
enum VirtualSharedObject {
    /// `LINUX_VERSION_CODE` from the note with the name `Linux` and type 0.
    static var versionCode: UInt32? {
        let start = skep_auxiliary_value(33)  // AT_SYSINFO_EHDR
        guard start != 0, let address = UnsafeRawPointer(bitPattern: start) else { return nil }
        // The image is two pages at least on every architecture; its headers and notes are at its beginning.
        let image = UnsafeRawBufferPointer(start: address, count: 4096)
        return versionCode(inNotesOf: image)
    }

    static func versionCode(inNotesOf image: UnsafeRawBufferPointer) -> UInt32? {
        let order = ByteOrder.host
        let bytes = unsafe RawSpan(_unsafeBytes: image)
        guard bytes.integer(at: 0, as: UInt32.self, order: .little) == 0x464c_457f,
            let table = bytes.integer(at: 32, as: UInt64.self, order: order),
            let entrySize = bytes.integer(at: 54, as: UInt16.self, order: order),
            let entries = bytes.integer(at: 56, as: UInt16.self, order: order)
        else { return nil }
        for index in 0..<Int(min(entries, 32)) {
            guard let table = Int(exactly: table), table < bytes.byteCount else { return nil }
            let entry = table + index * Int(entrySize)
            guard bytes.integer(at: entry, as: UInt32.self, order: order) == 4,  // PT_NOTE
                let offset = bytes.integer(at: entry + 8, as: UInt64.self, order: order),
                let size = bytes.integer(at: entry + 32, as: UInt64.self, order: order),
                let start = Int(exactly: offset), let count = Int(exactly: size)
            else { continue }
            if let code = versionCode(bytes, start, count, order) { return code }
        }
        return nil
    }

    private static func versionCode(_ bytes: RawSpan, _ start: Int, _ count: Int, _ order: ByteOrder) -> UInt32? {
        guard start <= bytes.byteCount, count <= bytes.byteCount - start else { return nil }
        var offset = start
        while offset < start + count {
            guard let nameSize = bytes.integer(at: offset, as: UInt32.self, order: order),
                let descriptorSize = bytes.integer(at: offset + 4, as: UInt32.self, order: order),
                let type = bytes.integer(at: offset + 8, as: UInt32.self, order: order),
                nameSize < 4096, descriptorSize < 4096
            else { return nil }
            let name = offset + 12
            let descriptor = name + ((Int(nameSize) + 3) & ~3)
            if type == 0, bytes.cString(at: name) == "Linux", descriptorSize == 4 {
                return bytes.integer(at: descriptor, as: UInt32.self, order: order)
            }
            offset = descriptor + ((Int(descriptorSize) + 3) & ~3)
        }
        return nil
    }
}
