package dev.proteus.backend.cpu.fast;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.conv.AvgPoolKernel;
import dev.proteus.backend.cpu.conv.ConvKernel;
import dev.proteus.backend.cpu.conv.ConvTransposeKernel;
import dev.proteus.backend.cpu.conv.ConvWeightKernel;
import dev.proteus.backend.cpu.conv.MaxPoolKernel;
import dev.proteus.backend.cpu.product.AttentionKernel;
import dev.proteus.backend.cpu.product.Int4LinearKernel;
import dev.proteus.backend.cpu.product.Int8LinearKernel;
import dev.proteus.backend.cpu.product.LinearKernel;
import dev.proteus.backend.cpu.product.MatMulKernel;
import dev.proteus.backend.cpu.rows.ArgMaxKernel;
import dev.proteus.backend.cpu.rows.BatchNormKernel;
import dev.proteus.backend.cpu.rows.CrossEntropyKernel;
import dev.proteus.backend.cpu.rows.NormKernel;
import dev.proteus.backend.cpu.rows.ScanKernel;
import dev.proteus.backend.cpu.rows.SoftmaxKernel;
import dev.proteus.backend.cpu.rows.SortKernel;
import dev.proteus.op.ArgMax;
import dev.proteus.op.Attention;
import dev.proteus.op.AttentionBackward;
import dev.proteus.op.AvgPool;
import dev.proteus.op.AvgPoolBackward;
import dev.proteus.op.BatchNorm;
import dev.proteus.op.BatchNormBackward;
import dev.proteus.op.Cat;
import dev.proteus.op.Conv;
import dev.proteus.op.ConvTranspose;
import dev.proteus.op.ConvWeight;
import dev.proteus.op.CrossEntropy;
import dev.proteus.op.CrossEntropyBackward;
import dev.proteus.op.CumSum;
import dev.proteus.op.Cumulate;
import dev.proteus.op.GroupNorm;
import dev.proteus.op.Int4Linear;
import dev.proteus.op.Int8Linear;
import dev.proteus.op.LayerNorm;
import dev.proteus.op.LayerNormBackward;
import dev.proteus.op.Linear;
import dev.proteus.op.LogSoftmax;
import dev.proteus.op.LogSoftmaxBackward;
import dev.proteus.op.MatMul;
import dev.proteus.op.MaxPool;
import dev.proteus.op.MaxPoolBackward;
import dev.proteus.op.Place;
import dev.proteus.op.RmsNorm;
import dev.proteus.op.RmsNormBackward;
import dev.proteus.op.Softmax;
import dev.proteus.op.SoftmaxBackward;
import dev.proteus.op.Sort;
import dev.proteus.op.TopK;
import dev.proteus.spi.FastKernels;

/// What the CPU does faster than by definition: one line per kernel.
public final class CpuKernels {
  /// The table.
  public static final FastKernels<CpuBackend> TABLE =
      FastKernels.<CpuBackend>none()
          .composite(MatMul.class, MatMulKernel::make)
          .composite(Linear.class, LinearKernel::make)
          .composite(Int8Linear.class, Int8LinearKernel::make)
          .composite(Int4Linear.class, Int4LinearKernel::make)
          .composite(Conv.class, ConvKernel::make)
          .composite(ConvTranspose.class, ConvTransposeKernel::make)
          .composite(ConvWeight.class, ConvWeightKernel::make)
          .composite(Softmax.class, SoftmaxKernel::softmax)
          .composite(SoftmaxBackward.class, SoftmaxKernel::softmaxBackward)
          .composite(LogSoftmax.class, SoftmaxKernel::logSoftmax)
          .composite(LogSoftmaxBackward.class, SoftmaxKernel::logSoftmaxBackward)
          .composite(CrossEntropy.class, CrossEntropyKernel::forward)
          .composite(CrossEntropyBackward.class, CrossEntropyKernel::backward)
          .composite(LayerNorm.class, NormKernel::layerNorm)
          .composite(LayerNormBackward.class, NormKernel::layerNormBackward)
          .composite(RmsNorm.class, NormKernel::rmsNorm)
          .composite(RmsNormBackward.class, NormKernel::rmsNormBackward)
          .composite(GroupNorm.class, NormKernel::groupNorm)
          .composite(BatchNorm.class, BatchNormKernel::forward)
          .composite(BatchNormBackward.class, BatchNormKernel::backward)
          .composite(Attention.class, AttentionKernel::forward)
          .composite(AttentionBackward.class, AttentionKernel::backward)
          .composite(MaxPool.class, MaxPoolKernel::forward)
          .composite(MaxPoolBackward.class, MaxPoolKernel::backward)
          .composite(AvgPool.class, AvgPoolKernel::forward)
          .composite(AvgPoolBackward.class, AvgPoolKernel::backward)
          .composite(ArgMax.class, ArgMaxKernel::make)
          .composite(Sort.class, SortKernel::sort)
          .composite(TopK.class, SortKernel::topk)
          .composite(CumSum.class, ScanKernel::cumSum)
          .composite(Cumulate.class, ScanKernel::cumulate)
          .composite(Place.class, PlaceKernel::make)
          .composite(Cat.class, CatKernel::make);

  private CpuKernels() {}
}
