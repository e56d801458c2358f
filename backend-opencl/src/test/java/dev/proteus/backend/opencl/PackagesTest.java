package dev.proteus.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the backend may know: the core's layers 0 to 4, and JOCL in one file.
final class PackagesTest {
  private static final Pattern CORE =
      Pattern.compile("import (?:static )?dev\\.proteus\\.(\\w+)\\.");

  private static Set<String> files(Predicate<String> isMeant) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev"))) {
      return files
          .filter(file -> file.toString().endsWith(".java") && isMeant.test(text(file)))
          .map(file -> file.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void oneFileKnowsTheBinding() throws IOException {
    assertEquals(Set.of("OpenClDriver.java"), files(text -> text.contains("org.jocl")));
  }

  @Test
  void theCoreIsKnownUpToItsSpi() throws IOException {
    Set<String> allowed = Set.of("error", "type", "expr", "op", "spi", "codegen", "backend");
    assertEquals(
        Set.of(),
        files(text ->
            !CORE.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .allMatch(allowed::contains)));
  }
}
