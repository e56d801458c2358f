import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The files of the repository that people write.
final class Sources {
  private Sources() {}

  /// Those under `root` whose names end so, in order.
  static List<Path> under(Path root, String ending) throws IOException {
    try (var files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(ending))
          .filter(file -> !isHiddenOrBuilt(root.relativize(file)))
          .sorted()
          .toList();
    }
  }

  private static boolean isHiddenOrBuilt(Path file) {
    for (var part : file) {
      if (part.toString().startsWith(".") || part.toString().equals("target")) {
        return true;
      }
    }
    return false;
  }
}
