import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/// Finds the ids of rules that tests carry in their names. A method carries those it begins with,
/// without the dash (`sw30_sw34_staleGraph`, `to26Op40Moves`); a displayed name those anywhere in
/// it, where `SW-1 to SW-5` is all from the first to the last. A class of jcstress is one test.
final class TestIds extends TreeScanner<Void, Void> {
  private static final String FAMILY = "(?:D|SW|TO|TT|SD|SC|MD|OP|AG|DT|BC|VW|IX|FC|MM)";
  private static final Pattern ID = Pattern.compile("\\b" + FAMILY + "-\\d+b?\\b");
  private static final Pattern RANGE =
      Pattern.compile("\\b(" + FAMILY + ")-(\\d+) to \\1-(\\d+)\\b");
  private static final Pattern IN_METHOD =
      Pattern.compile("\\G_?(?i:(" + FAMILY + "))(\\d+(?:b(?![a-z]))?)(?![a-z0-9])");

  private static final Set<String> TESTS =
      Set.of(
          "Test",
          "ParameterizedTest",
          "RepeatedTest",
          "TestFactory",
          "TestTemplate",
          "Property",
          "Example",
          "JCStressTest");
  private static final Set<String> NAMES = Set.of("DisplayName", "Label", "Description");

  private final Set<String> rules;
  private final Deque<String> classes = new ArrayDeque<>();
  private final List<Found> found = new ArrayList<>();

  private TestIds(Set<String> rules) {
    this.rules = rules;
  }

  /// A test and the rules it names.
  record Found(String name, Set<String> ids) {}

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /// The tests in these files, as far as they name rules. A range is of those of `rules` in it.
  static List<Found> read(List<Path> files, Set<String> rules) throws IOException {
    var tests = files.stream().filter(TestIds::mayHaveTests).toList();
    if (tests.isEmpty()) {
      return List.of();
    }
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      var sources = manager.getJavaFileObjectsFromPaths(tests);
      var task = (JavacTask) compiler.getTask(null, manager, null, null, null, sources);
      var ids = new TestIds(rules);
      ids.scan(task.parse(), null);
      return ids.found;
    }
  }

  /// Tests are in folders of their own, but for those of jcstress.
  private static boolean mayHaveTests(Path file) {
    var path = file.toString().replace('\\', '/');
    return !path.contains("/src/main/") || path.contains("stress");
  }

  @Override
  public Void visitClass(ClassTree tree, Void unused) {
    classes.addLast(tree.getSimpleName().toString());
    if (isTest(tree.getModifiers())) {
      add(String.join(".", classes), displayed(tree.getModifiers()));
    }
    super.visitClass(tree, unused);
    classes.removeLast();
    return null;
  }

  @Override
  public Void visitMethod(MethodTree tree, Void unused) {
    if (isTest(tree.getModifiers())) {
      var ids = displayed(tree.getModifiers());
      var method = tree.getName().toString();
      ids.addAll(inMethod(method));
      add(String.join(".", classes) + "." + method, ids);
    }
    return super.visitMethod(tree, unused);
  }

  private void add(String name, Set<String> ids) {
    if (!ids.isEmpty()) {
      found.add(new Found(name, ids));
    }
  }

  private static boolean isTest(ModifiersTree modifiers) {
    return modifiers.getAnnotations().stream().anyMatch(a -> TESTS.contains(nameOf(a)));
  }

  /// Without the package.
  private static String nameOf(AnnotationTree annotation) {
    var name = annotation.getAnnotationType().toString();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private Set<String> displayed(ModifiersTree modifiers) {
    Set<String> ids = new TreeSet<>();
    for (var annotation : modifiers.getAnnotations()) {
      if (NAMES.contains(nameOf(annotation))) {
        annotation.getArguments().forEach(argument -> ids.addAll(inText(text(argument))));
      }
    }
    return ids;
  }

  private static String text(ExpressionTree tree) {
    return switch (tree) {
      case AssignmentTree named -> text(named.getExpression());
      case BinaryTree sum -> text(sum.getLeftOperand()) + text(sum.getRightOperand());
      case ParenthesizedTree inner -> text(inner.getExpression());
      case LiteralTree literal -> String.valueOf(literal.getValue());
      default -> "";
    };
  }

  private Set<String> inText(String text) {
    Set<String> ids = new TreeSet<>();
    ID.matcher(text).results().forEach(id -> ids.add(id.group()));
    RANGE
        .matcher(text)
        .results()
        .forEach(range -> rules.stream().filter(rule -> isIn(range, rule)).forEach(ids::add));
    return ids;
  }

  private static boolean isIn(MatchResult range, String rule) {
    var dash = rule.indexOf('-');
    var number = Integer.parseInt(rule.substring(dash + 1).replace("b", ""));
    return rule.substring(0, dash).equals(range.group(1))
        && number >= Integer.parseInt(range.group(2))
        && number <= Integer.parseInt(range.group(3));
  }

  private static Set<String> inMethod(String name) {
    Set<String> ids = new TreeSet<>();
    IN_METHOD
        .matcher(name)
        .results()
        .forEach(id -> ids.add(id.group(1).toUpperCase(Locale.ROOT) + "-" + id.group(2)));
    return ids;
  }
}
