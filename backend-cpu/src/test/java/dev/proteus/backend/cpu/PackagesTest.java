package dev.proteus.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.type.Shape;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the backend's packages may know, as `jdeps` sees it: the core's layers 0 to 4, and the
/// Vector API in one place.
final class PackagesTest {
  private static final String OURS = "dev.proteus.backend.cpu";
  private static final Pattern ARROW = Pattern.compile("\\s+(\\S+)\\s+->\\s+(\\S+)\\s.*");

  /// `from -> to` for each package of ours and each it uses.
  private static Set<String> arrows() throws URISyntaxException {
    String libraries =
        Stream.concat(
                Stream.of(location(Shape.class)),
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .filter(entry -> entry.contains("commons-math3") || entry.contains("jspecify")))
            .collect(Collectors.joining(File.pathSeparator));
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    int code =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(
                out,
                out,
                "--module-path",
                libraries,
                "--add-modules",
                "jdk.incubator.vector",
                "-verbose:package",
                "-filter:none",
                location(CpuBackend.class));
    assertEquals(0, code, text::toString);
    return text.toString()
        .lines()
        .map(ARROW::matcher)
        .filter(Matcher::matches)
        .filter(matcher -> matcher.group(1).startsWith(OURS))
        .map(matcher -> matcher.group(1) + " -> " + matcher.group(2))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String location(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  @Test
  void theCoreIsKnownUpToItsSpi() throws URISyntaxException {
    Set<String> used =
        arrows().stream()
            .map(arrow -> arrow.substring(arrow.indexOf("-> ") + 3))
            .filter(name -> name.startsWith("dev.proteus.") && !name.startsWith(OURS))
            .collect(Collectors.toCollection(TreeSet::new));
    assertTrue(used.contains("dev.proteus.spi"), used::toString);
    used.removeAll(
        Set.of(
            "dev.proteus.error",
            "dev.proteus.type",
            "dev.proteus.expr",
            "dev.proteus.op",
            "dev.proteus.spi"));
    assertEquals(Set.of(), used);
  }

  @Test
  void onlyTheLoopsKnowTheVectorApi() throws URISyntaxException {
    Set<String> users =
        arrows().stream()
            .filter(arrow -> arrow.endsWith("-> jdk.incubator.vector"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(OURS + ".vector -> jdk.incubator.vector"), users);
  }

  /// The backend knows the table and kernels know the backend; all other arrows go down.
  @Test
  void packagesKnowThoseBelow() throws URISyntaxException {
    Map<String, Set<String>> met = new TreeMap<>();
    for (String arrow : arrows()) {
      String[] ends = arrow.split(" -> ", 2);
      if (ends[1].startsWith(OURS) && !ends[0].equals(ends[1])) {
        met.computeIfAbsent(room(ends[0]), _ -> new TreeSet<>()).add(room(ends[1]));
      }
    }
    Map<String, Set<String>> right =
        Map.of(
            "", Set.of("fast", "memory", "vector"),
            "fast", Set.of("", "product", "conv", "rows"),
            "conv", Set.of("", "product", "memory", "vector"),
            "product", Set.of("", "memory", "vector"),
            "rows", Set.of("", "memory", "vector"),
            "memory", Set.of("vector"));
    assertEquals(right, met);
  }

  /// The last part of a package's name, empty for the backend's own.
  private static String room(String name) {
    return name.substring(Math.min(name.length(), OURS.length() + 1));
  }
}
