// SPDX-License-Identifier: Apache-2.0

import Schema

/// One column of a table: its title, and how wide and to which side it is set.
struct TableColumn {
    let title: String
    let alignsRight: Bool
    /// Whether it may be as wide as it likes, so that it stands best at the end.
    let isUnbounded: Bool
    var width: Int

    init(title: String, width: Int, alignsRight: Bool, isUnbounded: Bool = false) {
        self.title = title
        self.alignsRight = alignsRight
        self.isUnbounded = isUnbounded
        self.width = max(width, title.utf8.count)
    }

    init(_ column: Column, title: String) {
        let (width, alignsRight, isUnbounded) = Self.shape(of: column)
        self.init(title: title, width: width, alignsRight: alignsRight, isUnbounded: isUnbounded)
    }

    private static func shape(of column: Column) -> (width: Int, alignsRight: Bool, isUnbounded: Bool) {
        switch column.meaning {
        case .command: return (16, false, false)
        case .path, .payload, .arguments: return (24, false, true)
        case .internetAddress: return (15, false, false)
        case .hardwareAddress: return (17, false, false)
        case .port: return (5, true, false)
        case .duration: return (7, true, false)
        case .timestamp: return (12, true, false)
        case .signal: return (9, false, false)
        case .syscall: return (16, false, false)
        case .tcpState: return (11, false, false)
        case .addressFamily: return (8, false, false)
        case .ipProtocol, .etherType: return (6, false, false)
        case .capability: return (20, false, false)
        case .openFlags: return (18, false, false)
        case .mode: return (5, true, false)
        case .processID, .threadID: return (7, true, false)
        case .userID, .groupID: return (5, true, false)
        case .cpu: return (3, true, false)
        case .device: return (7, true, false)
        case .address: return (18, true, false)
        case .hexadecimal: return (8, true, false)
        case .stack, .stackID, .histogram: return (8, true, false)
        case .result: return (10, true, false)
        case .plain, .text, .controlGroup: break
        }
        switch column.layout {
        case .integer(let layout): return (layout.width <= 8 ? 3 : layout.width <= 16 ? 5 : 8, true, false)
        case .pointer: return (18, true, false)
        case .boolean: return (5, false, false)
        case .float: return (8, true, false)
        case .enumeration(_, let names):
            return (min(24, names.members.map(\.name.utf8.count).max() ?? 4), false, false)
        case .text(let count?) where count <= 32: return (min(count, 16), false, false)
        case .text, .bytes, .array, .structure: return (16, false, true)
        }
    }
}
