package dev.proteus;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.type.Shape;
import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The layers of the architecture: which package may know which, as `jdeps` sees it.
final class PackagesTest {
  private static final String ROOT = "dev.proteus.";

  /// The layer of each package; an arrow goes to a lower one.
  private static final Map<String, Integer> LAYERS =
      Map.ofEntries(
          Map.entry("error", 0),
          Map.entry("type", 1),
          Map.entry("expr", 2),
          Map.entry("op", 3),
          Map.entry("linalg", 4),
          Map.entry("spi", 4),
          Map.entry("codegen", 4),
          Map.entry("tensor", 5),
          Map.entry("trace", 6),
          Map.entry("state", 7),
          Map.entry("nn", 8),
          Map.entry("nn.quant", 9),
          Map.entry("optim", 9));

  private static final Pattern ARROW = Pattern.compile("\\s+(\\S+)\\s+->\\s+(\\S+)\\s.*");

  private record Arrow(String from, String to) {}

  /// All arrows that leave a package of ours.
  private static List<Arrow> arrows() throws URISyntaxException {
    Path classes = Path.of(Shape.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String libraries =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> entry.contains("commons-math3") || entry.contains("jspecify"))
            .collect(Collectors.joining(File.pathSeparator));
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
    int code =
        jdeps.run(
            out,
            out,
            "--module-path",
            libraries,
            "-verbose:package",
            "-filter:none",
            classes.toString());
    assertEquals(0, code, text::toString);
    return text.toString()
        .lines()
        .map(ARROW::matcher)
        .filter(matcher -> matcher.matches() && matcher.group(1).startsWith(ROOT))
        .map(matcher -> new Arrow(matcher.group(1), matcher.group(2)))
        .filter(arrow -> !arrow.from().equals(arrow.to()))
        .toList();
  }

  private static int layer(String packageName) {
    return Objects.requireNonNull(
        LAYERS.get(packageName.substring(ROOT.length())), () -> packageName + " has no layer");
  }

  @Test
  void arrowsPointDown() throws URISyntaxException {
    List<Arrow> ours = arrows().stream().filter(arrow -> arrow.to().startsWith(ROOT)).toList();
    assertTrue(ours.contains(new Arrow("dev.proteus.op", "dev.proteus.expr")), ours::toString);
    assertAll(
        ours.stream()
            .map(arrow ->
                () ->
                    assertTrue(
                        layer(arrow.to()) < layer(arrow.from()),
                        () -> arrow.from() + " must not know " + arrow.to())));
  }

  @Test
  void onlyLinalgKnowsCommonsMath() throws URISyntaxException {
    List<String> users =
        arrows().stream()
            .filter(arrow -> arrow.to().startsWith("org.apache.commons.math3"))
            .map(Arrow::from)
            .distinct()
            .toList();
    assertEquals(List.of("dev.proteus.linalg"), users);
  }
}
