import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Prints how many files and lines each package has, and fails where a file has more than 500 lines
/// or a package more than 40 files: `Sizes.java FOLDER`.
///
/// A decision record may allow more, in a line such as ``Size limit: `dev.proteus.op`, 160 files``
/// or ``Size limit: `Tensor.java`, 700 lines``.
final class Sizes {
  private static final int LINES = 500;
  private static final int FILES = 40;
  private static final Pattern LIMIT =
      Pattern.compile("Size limit: `([^`]+)`, (\\d+) (?:files|lines)\\.");
  private static final Pattern PACKAGE = Pattern.compile("package ([a-z0-9.]+);");

  private final Map<String, Integer> limits = new HashMap<>();
  private final SortedMap<Place, Size> sizes = new TreeMap<>();
  private final List<String> excesses = new ArrayList<>();

  private Sizes() {}

  /// A package in one of the folders of sources.
  private record Place(String packageName, String folder) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      return Comparator.comparing(Place::folder)
          .thenComparing(Place::packageName)
          .compare(this, other);
    }

    @Override
    public String toString() {
      return (folder + " " + packageName).strip();
    }
  }

  /// What it has; `package-info` and `module-info` are not counted.
  private record Size(int files, int lines) {
    Size and(Size other) {
      return new Size(files + other.files, lines + other.lines);
    }
  }

  static void main(String[] args) throws IOException {
    var root = Path.of(args[0]).toRealPath();
    var sizes = new Sizes();
    for (var decision : Sources.under(root.resolve("docs/decisions"), ".md")) {
      sizes.readLimits(Files.readAllLines(decision));
    }
    for (var file : Sources.under(root, ".java")) {
      if (!file.toString().endsWith("-info.java")) {
        sizes.add(root.relativize(file), Files.readAllLines(file));
      }
    }
    sizes.print();
    sizes.judge();
  }

  private void readLimits(List<String> decision) {
    for (var line : decision) {
      var limit = LIMIT.matcher(line);
      if (limit.matches()) {
        limits.put(limit.group(1), Integer.valueOf(limit.group(2)));
      }
    }
  }

  private void add(Path file, List<String> lines) {
    sizes.merge(place(file, lines), new Size(1, lines.size()), Size::and);
    check(file.getFileName().toString(), file.toString(), lines.size(), LINES, "lines");
  }

  private static Place place(Path file, List<String> lines) {
    var packageName = "";
    var folder = file.getParent();
    for (var line : lines) {
      var declaration = PACKAGE.matcher(line);
      if (declaration.matches()) {
        packageName = declaration.group(1);
        folder = folder.subpath(0, folder.getNameCount() - packageName.split("\\.").length);
        break;
      }
    }
    return new Place(packageName, folder.toString());
  }

  private void check(String name, String where, int size, int usual, String unit) {
    var limit = limits.getOrDefault(name, usual);
    if (size > limit) {
      excesses.add("%s has %d %s; at most %d".formatted(where, size, unit, limit));
    }
  }

  private void print() {
    System.out.printf("%5s %6s%n", "files", "lines");
    sizes.forEach(
        (place, size) -> System.out.printf("%5d %6d  %s%n", size.files(), size.lines(), place));
    var all = sizes.values().stream().reduce(new Size(0, 0), Size::and);
    System.out.printf("%5d %6d  in all%n", all.files(), all.lines());
  }

  private void judge() {
    sizes.forEach((place, size) ->
        check(place.packageName(), place.packageName(), size.files(), FILES, "files"));
    excesses.forEach(System.out::println);
    if (!excesses.isEmpty()) {
      System.out.println("Divide it, or let a record in docs/decisions allow it and say why.");
      System.exit(1);
    }
  }
}
