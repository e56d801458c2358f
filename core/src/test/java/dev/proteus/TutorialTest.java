package dev.proteus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The tutorial: its Java blocks are a program, and its text block is what that prints.
class TutorialTest {
  private static final Path TUTORIAL = Path.of("../docs/tutorial/build-it-yourself.md");
  private static final int LINES = 600;

  @TempDir Path folder;

  @Test
  @DisplayName("the engine that one builds compiles without a warning and prints what is shown")
  void builds() throws IOException, InterruptedException {
    List<String> program = blocks("java");
    assertTrue(program.size() <= LINES, () -> program.size() + " lines of code");
    compile(Files.write(folder.resolve("Tiny.java"), program));
    assertEquals(blocks("text"), run());
  }

  /// The lines of all blocks in this language.
  private static List<String> blocks(String language) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(TUTORIAL)) {
      if (line.startsWith("```")) {
        inside = line.equals("```" + language);
      } else if (inside) {
        lines.add(line);
      }
    }
    return lines;
  }

  private void compile(Path source) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      List<String> options = List.of("-Xlint:all", "-Werror", "-d", folder.toString());
      var task =
          compiler.getTask(messages, files, null, options, null, files.getJavaFileObjects(source));
      assertTrue(task.call(), messages::toString);
    }
  }

  private List<String> run() throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(java.toString(), "-cp", folder.toString(), "Xor")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(1, TimeUnit.MINUTES));
    return output.lines().toList();
  }
}
