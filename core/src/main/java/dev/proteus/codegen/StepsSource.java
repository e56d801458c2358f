package dev.proteus.codegen;

import dev.proteus.error.DTypeException;
import dev.proteus.expr.ExprKey;
import dev.proteus.expr.Fn;
import dev.proteus.expr.Step;
import dev.proteus.op.Reduce;
import dev.proteus.type.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// One kernel for all expressions: it reads the steps of one and follows them, a case for each
/// function. Compiling a kernel takes longer than a thousand small calls, so an expression is
/// followed until it is worth one of its own; both are printed by the same spelling, so they
/// compute the same.
///
/// Its arguments are [#OPERANDS] pointers of operands, those of the result, of the word for errors
/// and of the program, and [#WORDS] words:
///
/// | word | |
/// |---|---|
/// | 0, 1 | places of the kept space, and how many of the axes are its |
/// | 2, 3 | places of the folded space, 1 for a map, and how many axes it has |
/// | 4 | steps |
/// | 5, 6, 7 | the kind of fold or [#MAP], the type of the accumulator, that of the result |
/// | from [#SIZES] | the sizes of the axes, kept ones first |
/// | from [#MOVERS] | where each operand, each coordinate and, as the last of all, the result starts, and its strides |
/// | from [#CONSTANTS] | constants |
@SuppressWarnings("EnumOrdinal") // codes between a kernel and its caller, which are made together
public final class StepsSource {
  /// Operands and coordinates at most.
  public static final int OPERANDS = 6;

  /// Axes at most.
  public static final int AXES = 10;

  /// Steps at most.
  public static final int STEPS = 64;

  /// The kind that is no fold.
  public static final int MAP = Reduce.Kind.values().length;

  public static final int SIZES = 8;
  public static final int MOVERS = SIZES + AXES;
  public static final int CONSTANTS = MOVERS + (OPERANDS + 1) * (1 + AXES);
  public static final int WORDS = 109;

  private static final int FUNCTIONS = 100;
  private static final int LOAD = 1;
  private static final int CONSTANT = 2;
  private static final int COORDINATE = 3;
  private static final int CAST = 4;

  private StepsSource() {}

  /// The types that functions are computed in.
  private enum Bank {
    F32(DType.FLOAT32),
    F64(DType.FLOAT64),
    I64(DType.INT64);

    private final DType dtype;

    Bank(DType dtype) {
      this.dtype = dtype;
    }

    static Bank of(DType dtype) {
      return switch (dtype) {
        case FLOAT64 -> F64;
        case FLOAT32, FLOAT16, BFLOAT16 -> F32;
        case INT64, INT32, INT16, INT8, UINT8, BOOL -> I64;
      };
    }

    /// Register `register`, read as a value.
    String value(String register) {
      return switch (this) {
        case F32 -> "BITS_F32((u32) " + register + ")";
        case F64 -> "BITS_F64(" + register + ")";
        case I64 -> register;
      };
    }

    /// The bits of a value.
    String bits(String value) {
      return switch (this) {
        case F32 -> "F32_BITS(" + value + ")";
        case F64 -> "F64_BITS(" + value + ")";
        case I64 -> value;
      };
    }

    int code(Fn fn) {
      return (ordinal() + 1) * FUNCTIONS + fn.ordinal();
    }
  }

  // ---- programs

  /// Whether the kernel has room for an expression on a space.
  public static boolean fits(ExprKey key, Reading reading, int axes) {
    return key.steps().size() <= STEPS
        && reading.movers() <= OPERANDS
        && axes <= AXES
        && reading.constants() <= WORDS - CONSTANTS;
  }

  /// The steps of an expression as the kernel reads them, a word each.
  public static long[] program(ExprKey key, Reading reading) {
    List<Step> steps = key.steps();
    long[] words = new long[steps.size()];
    for (int i = 0; i < words.length; i++) {
      words[i] = word(steps.get(i), steps, reading);
    }
    return words;
  }

  private static long word(Step step, List<Step> steps, Reading reading) {
    return switch (step) {
      case Step.Input input -> word(LOAD, step.dtype(), reading.operands().indexOf(input), 0, 0);
      case Step.Const(int slot, DType dtype) -> word(CONSTANT, dtype, slot, 0, 0);
      case Step.Coord(int axis) ->
          word(
              COORDINATE,
              DType.INT64,
              reading.operands().size() + reading.axes().indexOf(axis),
              0,
              0);
      case Step.Cast(DType dtype, int arg) ->
          word(CAST, dtype, arg, steps.get(arg).dtype().ordinal(), 0);
      case Step.Call(Fn fn, DType dtype, List<Integer> args) -> {
        DType operands = steps.get(args.getLast()).dtype();
        DType type = fn.result() == Fn.Result.BOOL ? DType.BOOL : dtype;
        yield word(
            Bank.of(operands).code(fn),
            type,
            args.get(0),
            args.get(Math.min(1, args.size() - 1)),
            args.getLast());
      }
    };
  }

  private static long word(int code, DType dtype, int a, int b, int c) {
    return code | (long) dtype.ordinal() << 16 | (long) a << 24 | (long) b << 32 | (long) c << 40;
  }

  // ---- the kernel

  /// The kernel under a name.
  public static KernelSource named(String name) {
    String operands =
        IntStream.range(0, OPERANDS)
            .mapToObj(k -> "GLOBAL const u8* x" + k + ", ")
            .collect(Collectors.joining());
    String body =
        """
          const idx length = a.v[3] > 0 ? a.v[%4$d + a.v[1] + a.v[3] - 1] : 1;
          const i32 last = (i32) a.v[4] - 1;
          const i32 fold = (i32) a.v[5] * 16 + (i32) a.v[6];
          FOR_EACH(e, a.v[0])
            i64 start[%1$d];
            for (i32 k = 0; k < %1$d; k++) {
              start[k] = a.v[%2$d + k * %3$d];
            }
            idx rest = e;
            for (i32 d = (i32) a.v[1] - 1; d >= 0; d--) {
              const idx c = rest %% a.v[%4$d + d];
              rest /= a.v[%4$d + d];
              for (i32 k = 0; k < %1$d; k++) {
                start[k] += c * a.v[%2$d + k * %3$d + 1 + d];
              }
            }
            i64 acc[16];
            for (i32 lane = 0; lane < 16; lane++) {
              acc[lane] = neutral(fold);
            }
            for (idx f = 0; f < a.v[2]; f++) {
              i64 at[%1$d];
              for (i32 k = 0; k < %1$d; k++) {
                at[k] = start[k];
              }
              rest = f;
              for (i32 d = (i32) (a.v[1] + a.v[3]) - 1; d >= a.v[1]; d--) {
                const idx c = rest %% a.v[%4$d + d];
                rest /= a.v[%4$d + d];
                for (i32 k = 0; k < %1$d; k++) {
                  at[k] += c * a.v[%2$d + k * %3$d + 1 + d];
                }
              }
              i64 r[%5$d];
              for (i32 s = 0; s <= last; s++) {
                const i64 word = program[s];
                const i32 type = (i32) (word >> 16) & 255;
                const i32 p = (i32) (word >> 24) & 255;
                const i32 q = (i32) (word >> 32) & 255;
                const i32 u = (i32) (word >> 40) & 255;
                i64 v = 0;
                switch ((i32) word & 65535) {
        %6$s        default: break;
                }
                r[s] = v;
              }
              /* The lanes of a ReduceSource, so that sums come out alike. */
              const idx j = f %% length;
              const i32 lane = j < length / 16 * 16 ? (i32) (j & 15) : 0;
              acc[lane] = combined(fold, acc[lane], r[last]);
            }
            i64 sum = acc[0];
            if (a.v[5] != %7$d) {
              for (i32 lane = 1; lane < 16; lane++) {
                sum = combined(fold, sum, acc[lane]);
              }
            }
            switch ((i32) a.v[7]) {
        %8$s      default: break;
            }
          END
        """
            .formatted(
                OPERANDS + 1,
                MOVERS,
                1 + AXES,
                SIZES,
                STEPS,
                loads() + others() + calls(),
                MAP,
                stores());
    KernelSource kernel =
        IndexType.INT64.kernel(
            name, WORDS, operands + "GLOBAL u8* y, GLOBAL const i64* program", body);
    return new KernelSource(name, functions() + kernel.text());
  }

  /// What the kernel calls beside the functions of expressions.
  private static String functions() {
    StringBuilder wrapped = new StringBuilder();
    StringBuilder width = new StringBuilder();
    for (DType dtype : DType.values()) {
      if (!dtype.isFloating()) {
        wrapped.append(
            "    case %d: return %s;\n".formatted(dtype.ordinal(), CType.wrapped(dtype, "v")));
        width.append("    case %d: return %d;\n".formatted(dtype.ordinal(), 8 * dtype.bytes()));
      }
    }
    return choice("i64 wrapped(i64 v, i32 type)", "type", wrapped.toString(), "v")
        + choice("i64 width(i32 type)", "type", width.toString(), "64")
        + choice("i64 neutral(i32 fold)", "fold", starts(), "0")
        + choice("i64 combined(i32 fold, i64 sum, i64 term)", "fold", sums(), "term");
  }

  private static String choice(String head, String value, String cases, String otherwise) {
    return "DEVICE %s {\n  switch (%s) {\n%s    default: return %s;\n  }\n}\n"
        .formatted(head, value, cases, otherwise);
  }

  /// Lines that are only compiled where there is float64, if they need it.
  private static String guarded(DType dtype, String line) {
    return dtype == DType.FLOAT64 ? "#if DOUBLES\n" + line + "#endif\n" : line;
  }

  private static String loads() {
    StringBuilder text = new StringBuilder("        case " + LOAD + ": {\n");
    text.append("          GLOBAL const u8* x = x0;\n");
    for (int k = 1; k < OPERANDS; k++) {
      text.append("          if (p == %d) { x = x%d; }\n".formatted(k, k));
    }
    text.append("          switch (type) {\n");
    for (DType dtype : DType.values()) {
      String pointer = "((GLOBAL const " + CType.stored(dtype) + "*) x)";
      String value = Bank.of(dtype).bits(CType.load(dtype, pointer, "at[p]"));
      text.append(
          guarded(dtype, "            case " + dtype.ordinal() + ": v = " + value + "; break;\n"));
    }
    return text.append("            default: break;\n          }\n          break;\n        }\n")
        .toString();
  }

  private static String others() {
    StringBuilder text = new StringBuilder();
    text.append("        case " + CONSTANT + ": v = a.v[" + CONSTANTS + " + p]; break;\n");
    text.append("        case " + COORDINATE + ": v = at[p]; break;\n");
    text.append("        case " + CAST + ":\n          switch (q * 16 + type) {\n");
    for (DType from : DType.values()) {
      for (DType to : DType.values()) {
        String value = CType.converted(from, to, Bank.of(from).value("r[p]"));
        String line =
            "            case %d: v = %s; break;\n"
                .formatted(from.ordinal() * 16 + to.ordinal(), Bank.of(to).bits(value));
        text.append(guarded(from == DType.FLOAT64 ? from : to, line));
      }
    }
    return text.append("            default: break;\n          }\n          break;\n").toString();
  }

  private static String calls() {
    StringBuilder text = new StringBuilder();
    for (Bank bank : Bank.values()) {
      for (Fn fn : Fn.values()) {
        String line = call(bank, fn);
        text.append(guarded(bank.dtype, line));
      }
    }
    return text.toString();
  }

  private static String call(Bank bank, Fn fn) {
    String head = "        case " + bank.code(fn) + ": v = ";
    if (fn == Fn.WHERE) {
      return head + "r[p] ? r[q] : r[u]; break;\n";
    }
    String value;
    try {
      value = spelled(bank, fn);
    } catch (DTypeException none) {
      return "";
    }
    return switch (fn.result()) {
      case BOOL -> head + value + "; break;\n";
      case SAME, SECOND ->
          bank == Bank.I64
              ? head + "wrapped(" + value + ", type); break;\n"
              : head + bank.bits(value) + "; break;\n";
    };
  }

  private static String spelled(Bank bank, Fn fn) {
    List<String> args = new ArrayList<>(List.of(bank.value("r[p]")));
    if (fn.arity() > 1) {
      args.add(bank.value("r[q]"));
    }
    if (bank == Bank.I64) {
      String width = "width(type)";
      switch (fn) {
        case SHL -> {
          return "shl_i64(" + args.get(0) + ", " + args.get(1) + ", " + width + ")";
        }
        case SHR -> {
          return "shr_i64(" + args.get(0) + ", " + args.get(1) + ", " + width + ")";
        }
        case NOT -> {
          return "(type == " + DType.BOOL.ordinal() + " ? 1 - r[p] : ~r[p])";
        }
        default -> {}
      }
    }
    return Spelling.of(fn, bank.dtype, args);
  }

  private static String starts() {
    return folds((kind, dtype) ->
        Bank.of(dtype)
            .bits("(" + CType.computed(dtype) + ") " + ReduceSource.neutral(kind, dtype)));
  }

  private static String sums() {
    return folds((kind, dtype) -> {
      Bank bank = Bank.of(dtype);
      return bank.bits(ReduceSource.combined(kind, dtype, bank.value("sum"), bank.value("term")));
    });
  }

  /// A case for each kind of fold and type of accumulator.
  private static String folds(BiFunction<Reduce.Kind, DType, String> value) {
    StringBuilder text = new StringBuilder();
    for (Reduce.Kind kind : Reduce.Kind.values()) {
      for (DType dtype : DType.values()) {
        int fold = kind.ordinal() * 16 + dtype.ordinal();
        text.append(
            guarded(dtype, "    case %d: return %s;\n".formatted(fold, value.apply(kind, dtype))));
      }
    }
    return text.toString();
  }

  private static String stores() {
    StringBuilder text = new StringBuilder();
    for (DType dtype : DType.values()) {
      String pointer = "((GLOBAL " + CType.stored(dtype) + "*) y)";
      String value = CType.wrapped(dtype, Bank.of(dtype).value("sum"));
      text.append(
          guarded(
              dtype,
              "      case %d: %s break;\n"
                  .formatted(
                      dtype.ordinal(),
                      CType.store(dtype, pointer, "start[" + OPERANDS + "]", value))));
    }
    return text.toString();
  }
}
