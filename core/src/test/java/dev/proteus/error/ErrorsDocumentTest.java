package dev.proteus.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// `docs/errors.md`, beside the sources.
class ErrorsDocumentTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/proteus/error");
  private static final Path DOCUMENT = Path.of("../docs/errors.md");

  private static List<String> classes() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("Exception.java"))
          .map(name -> name.replace(".java", ""))
          .sorted()
          .toList();
    }
  }

  @Test
  @DisplayName("each exception class has one heading, with something said below")
  void headings() throws IOException {
    List<String> lines = Files.readAllLines(DOCUMENT);
    List<String> headings =
        lines.stream()
            .filter(line -> line.startsWith("## "))
            .map(line -> line.substring(3))
            .toList();
    assertEquals(classes(), headings.stream().sorted().toList());
    assertEquals(headings.size(), new TreeSet<>(headings).size());
    for (String heading : headings) {
      String below = lines.get(lines.indexOf("## " + heading) + 1);
      assertTrue(below.length() > 20 && !below.startsWith("#"), heading);
    }
  }
}
