// SPDX-License-Identifier: Apache-2.0

import Linux

/// A table for people: columns as wide as their cells, and on a narrow terminal only the columns that fit.
struct TextTable {
    /// A column.
    struct Column {
        let title: String
        /// Lower ones go first when the terminal is too narrow; `nil` never goes.
        var priority: Int?
        var isRight = false
    }

    let columns: [Column]
    private(set) var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    /// Makes a whole table whose columns all stay.
    init(_ titles: [String], _ rows: [[String]]) {
        columns = titles.map { Column(title: $0) }
        self.rows = rows
    }

    mutating func add(_ cells: [String]) { rows.append(cells) }

    /// The table as text.
    ///
    /// - Parameter width: the terminal's width; `nil` where output goes elsewhere, which shows every column whole.
    func text(width: Int?) -> String {
        let all = [columns.map(\.title)] + rows
        // A column in which no row has anything says nothing.
        var shown = columns.indices.filter { column in
            columns[column].priority == nil || rows.contains { !$0[column].isEmpty }
        }
        var widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        func total() -> Int { shown.reduce(0) { $0 + widths[$1] } + max(0, shown.count - 1) * 2 }
        if let width {
            while total() > width,
                let least = shown.filter({ columns[$0].priority != nil })
                    .min(by: { (columns[$0].priority ?? 0) < (columns[$1].priority ?? 0) })
            { shown.removeAll { $0 == least } }
            // What is still too wide: the last column is cut.
            if total() > width, let last = shown.last { widths[last] = max(8, widths[last] - (total() - width)) }
        }
        return all.map { row in line(row, shown, widths) }.joined()
    }

    private func line(_ row: [String], _ shown: [Int], _ widths: [Int]) -> String {
        var text = ""
        for column in shown {
            if column != shown.first { text += "  " }
            var cell = Self.printable(row[column])
            if cell.count > widths[column] { cell = cell.prefix(max(0, widths[column] - 1)) + "…" }
            let padding = String(repeating: " ", count: max(0, widths[column] - cell.count))
            text += columns[column].isRight ? padding + cell : cell + padding
        }
        while text.last == " " { text.removeLast() }
        return text + "\n"
    }

    /// Names of processes and paths are other people's: nothing in them may steer the terminal.
    static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) }) else {
            return text
        }
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) ? "?" : $0 }))
    }

    /// The width of the terminal that standard output goes to, or `nil`.
    static var terminalWidth: Int? {
        Terminal.isTerminal(1) ? Terminal.size(1)?.columns ?? 80 : nil
    }
}
