// SPDX-License-Identifier: Apache-2.0

/// A table of short texts with aligned columns; the last column may be long.
struct TextTable {
    let text: String

    init(_ head: [String], _ rows: [[String]]) {
        var widths = head.map(\.count)
        for row in rows {
            for (index, cell) in row.enumerated() where index < widths.count {
                widths[index] = max(widths[index], cell.count)
            }
        }
        func line(_ cells: [String]) -> String {
            var line = ""
            for (index, cell) in cells.enumerated() {
                line += cell
                if index + 1 < cells.count { line += String(repeating: " ", count: widths[index] - cell.count + 2) }
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line + "\n"
        }
        text = ([head] + rows).map(line).joined()
    }
}
