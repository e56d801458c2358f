import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/// Formats every Java source under a folder with google-java-format, or checks that it is
/// formatted. The build runs it from source on the toolchain's JDK, because the formatter does not
/// load in a Maven that runs on JDK 17: `Format.java check|apply FOLDER`.
final class Format {
  private Format() {}

  static void main(String[] args) throws IOException, FormatterException {
    var apply =
        switch (args[0]) {
          case "apply" -> true;
          case "check" -> false;
          default -> throw new IllegalArgumentException("format is check or apply, not " + args[0]);
        };
    var root = Path.of(args[1]);
    var formatter = new Formatter();
    var wrong = new ArrayList<Path>();
    for (var file : Sources.under(root, ".java")) {
      var before = Files.readString(file);
      var after = format(formatter, root.relativize(file), before);
      if (!after.equals(before)) {
        wrong.add(root.relativize(file));
        if (apply) {
          Files.writeString(file, after);
        }
      }
    }
    wrong.forEach(file -> System.out.println((apply ? "formatted " : "not formatted: ") + file));
    if (!apply && !wrong.isEmpty()) {
      System.out.println("To format them: mvn -pl tools verify -Dformat=apply");
      System.exit(1);
    }
  }

  private static String format(Formatter formatter, Path file, String source)
      throws FormatterException {
    try {
      return formatter.formatSourceAndFixImports(source);
    } catch (FormatterException e) {
      throw new FormatterException(file + ": " + e.getMessage());
    }
  }
}
