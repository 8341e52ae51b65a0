package org.einscale.experiments.report;

import java.util.List;

/** Pieces of a page. Whatever is put into one is text, and shown as it is. */
final class Html {
    private Html() {
    }

    static String text(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    static String element(String name, String text) {
        return "<" + name + ">" + text(text) + "</" + name + ">";
    }

    static String paragraph(String text) {
        return element("p", text);
    }

    static String list(List<String> items) {
        return items.stream().map(item -> element("li", item)).reduce("<ul>", String::concat) + "</ul>";
    }

    /** What is only shown when asked for. */
    static String details(String summary, String content) {
        return "<details>" + element("summary", summary) + content + "</details>";
    }

    static String preformatted(String text) {
        return "<pre>" + text(text) + "</pre>";
    }

    /**
     * A column of a table.
     *
     * @param name its heading
     * @param unit below the heading; empty where there is none
     * @param meaning shown with the heading; empty where the name says it
     * @param numbers whether its cells are set flush right
     */
    record Column(String name, String unit, String meaning, boolean numbers) {
        static Column text(String name) {
            return new Column(name, "", "", false);
        }

        static Column numbers(String name) {
            return new Column(name, "", "", true);
        }
    }

    /**
     * A cell of a table.
     *
     * @param text what is shown
     * @param exact the same in full; empty where that says no more
     */
    record Cell(String text, String exact) {
        static Cell of(String text) {
            return new Cell(text, "");
        }
    }

    /** A table in a frame that it scrolls in. */
    static String table(String caption, List<Column> columns, List<List<Cell>> rows) {
        StringBuilder html = new StringBuilder("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(text(caption)).append("\"><table>").append(element("caption", caption)).append("<thead><tr>");
        for (Column column : columns) {
            html.append("<th scope=\"col\"").append(column.numbers() ? " class=\"number\"" : "")
                    .append(title(column.meaning())).append('>').append(text(column.name()))
                    .append(column.unit().isEmpty() ? "" : " " + element("small", column.unit())).append("</th>");
        }
        html.append("</tr></thead><tbody>");
        for (List<Cell> row : rows) {
            html.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                String name = i == 0 ? "th" : "td";
                html.append('<').append(name).append(i == 0 ? " scope=\"row\"" : "")
                        .append(columns.get(i).numbers() ? " class=\"number\"" : "").append(title(row.get(i).exact()))
                        .append('>').append(text(row.get(i).text())).append("</").append(name).append('>');
            }
            html.append("</tr>");
        }
        return html.append("</tbody></table></div>").toString();
    }

    private static String title(String title) {
        return title.isEmpty() ? "" : " title=\"" + text(title) + "\"";
    }
}
