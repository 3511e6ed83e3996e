// SPDX-License-Identifier: Apache-2.0

/// What cupsd is told of the queue.
enum QueueDescription {
  /// A PPD whose one purpose is to name our filter. Without `cupsSNMPSupplies: False`
  /// each job first asks the printer by SNMP and takes four seconds longer (measured).
  static func ppd(_ model: PrinterModel) -> String {
    let width = model.paper.dots * 72 / 203
    return """
      *PPD-Adobe: "4.3"
      *FormatVersion: "4.3"
      *FileVersion: "1.0"
      *LanguageVersion: English
      *LanguageEncoding: ISOLatin1
      *PCFileName: "SLIPS.PPD"
      *Product: "(\(model.id))"
      *Manufacturer: "Nightdesk"
      *ModelName: "Nightdesk \(model.id)"
      *ShortNickName: "Nightdesk \(model.id)"
      *NickName: "Nightdesk \(model.id)"
      *PSVersion: "(3010.000) 0"
      *LanguageLevel: "3"
      *ColorDevice: False
      *DefaultColorSpace: Gray
      *FileSystem: False
      *Throughput: "1"
      *TTRasterizer: None
      *cupsVersion: 2.4
      *cupsSNMPSupplies: False
      *cupsFilter: "\(SlipDocument.mediaType) 0 nightdesk-escpos"
      *OpenUI *PageSize/Media Size: PickOne
      *OrderDependency: 10 AnySetup *PageSize
      *DefaultPageSize: Slip
      *PageSize Slip/Slip: ""
      *CloseUI: *PageSize
      *OpenUI *PageRegion/Media Size: PickOne
      *OrderDependency: 10 AnySetup *PageRegion
      *DefaultPageRegion: Slip
      *PageRegion Slip/Slip: ""
      *CloseUI: *PageRegion
      *DefaultImageableArea: Slip
      *ImageableArea Slip/Slip: "0 0 \(width) 842"
      *DefaultPaperDimension: Slip
      *PaperDimension Slip/Slip: "\(width) 842"
      *DefaultFont: Courier
      *Font Courier: Standard "(002.004S)" Standard ROM

      """
  }

  /// What our filter must know of the model; cupsd hands job attributes on to filters.
  static func jobOptions(_ model: PrinterModel) -> [(String, Int)] {
    [
      ("nightdesk-first-answer", model.patience.firstAnswer),
      ("nightdesk-answer", model.patience.answer),
      ("nightdesk-printing", model.patience.printing),
      ("nightdesk-window", model.window),
    ]
  }
}
