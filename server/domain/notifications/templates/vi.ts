/** E-mail texts in Vietnamese. */
import type { Templates } from "#server/domain/notifications/kinds.ts";

export const vi: Templates = {
  footer: {
    plain: "Bạn nhận được thư này vì bạn có tài khoản tại {product}.",
    withSupport: "Bạn nhận được thư này vì bạn có tài khoản tại {product}. Cần hỗ trợ: {support}",
  },
  user_invited: {
    subject: "Lời mời tham gia {product}",
    body: [
      "Bạn được mời sử dụng {product}. Hãy đặt mật khẩu để bắt đầu.",
      "Liên kết chỉ dùng được một lần, trong {hours} giờ. Nếu bạn không chờ thư này, hãy bỏ qua.",
    ],
    action: "Nhận lời mời",
  },
  password_reset: {
    subject: "Đặt mật khẩu mới cho {product}",
    body: [
      "Có yêu cầu đặt lại mật khẩu cho tài khoản của bạn.",
      "Liên kết chỉ dùng được một lần, trong {hours} giờ. Nếu không phải bạn, hãy bỏ qua thư này: mật khẩu vẫn giữ nguyên.",
    ],
    action: "Đặt mật khẩu mới",
  },
  account_locked: {
    subject: "Đăng nhập {product} tạm thời bị khóa",
    body: [
      "Tài khoản của bạn bị nhập sai mật khẩu nhiều lần nên tạm khóa trong {minutes} phút.",
      "Nếu là bạn, hãy chờ hoặc đặt lại mật khẩu. Nếu không phải, người thử vẫn chưa biết mật khẩu của bạn.",
    ],
    action: "Đặt lại mật khẩu",
  },
  sender_review: {
    subject: "Tên gửi {senderName} đang chờ bạn duyệt",
    body: ["{tenantName} đã đăng ký tên gửi {senderName}. Tên này chưa dùng được cho đến khi bạn duyệt."],
    action: "Xem đăng ký",
  },
  sender_approved: {
    subject: "Tên gửi {senderName} đã được duyệt",
    body: ["Từ bây giờ bạn có thể gửi tin với {senderName}."],
    action: "Mở danh sách tên gửi",
  },
  sender_rejected: {
    subject: "Tên gửi {senderName} bị từ chối",
    body: ["{senderName} không được duyệt. Lý do: {reason}", "Bạn có thể sửa đăng ký và gửi lại."],
    action: "Mở danh sách tên gửi",
  },
  sender_revoked: {
    subject: "Tên gửi {senderName} đã bị thu hồi",
    body: ["{senderName} không còn dùng để gửi tin được nữa. Lý do: {reason}"],
    action: "Mở danh sách tên gửi",
  },
  case_opened: {
    subject: "Một tin với {senderName} đang chờ bạn duyệt",
    body: ["{tenantName} muốn gửi tin với {senderName} tới {recipients} người nhận. Tin đang chờ bạn duyệt."],
    action: "Mở hàng chờ",
  },
  case_approved: {
    subject: "Tin của bạn với {senderName} đã được duyệt",
    body: ["Nội dung tin của bạn với {senderName} đã được duyệt. Tin sẽ được gửi theo kế hoạch."],
    action: "Mở bảng điều khiển",
  },
  case_rejected: {
    subject: "Tin của bạn với {senderName} bị từ chối",
    body: ["Nội dung tin của bạn với {senderName} không được duyệt. Lý do: {reason}"],
    action: "Mở bảng điều khiển",
  },
  order_nearly_used: {
    subject: "Đơn hàng {orderName} sắp dùng hết",
    body: ["Phần lớn đơn hàng {orderName} đã dùng. Khi dùng hết mà không có đơn khác, việc gửi tin sẽ dừng."],
    action: "Mở đơn hàng",
  },
  order_used_up: {
    subject: "Đơn hàng {orderName} đã dùng hết",
    body: ["Đơn hàng {orderName} đã dùng hết. Nếu không có đơn khác còn hiệu lực, việc gửi tin đã dừng."],
    action: "Mở đơn hàng",
  },
  order_expired: {
    subject: "Đơn hàng {orderName} đã hết hạn",
    body: ["Đơn hàng {orderName} đã hết hạn. Nếu không có đơn khác còn hiệu lực, việc gửi tin đã dừng."],
    action: "Mở đơn hàng",
  },
  webhook_failing: {
    subject: "Webhook của bạn đã bị tắt: không có phản hồi",
    body: [
      "Máy nhận tại {address} không nhận được sự kiện nào trong năm ngày, nên hệ thống ngừng gửi.",
      "Những gì chưa gửi được giữ trong một tuần. Khi máy nhận hoạt động lại, hãy cho webhook chạy tiếp; tin cũ hơn có thể gửi lại.",
    ],
    action: "Mở webhook",
  },
  webhook_gone: {
    subject: "Webhook của bạn đã bị tắt: máy nhận không còn nữa",
    body: ["Máy nhận tại {address} trả lời rằng nó không còn nữa (410), nên hệ thống ngừng gửi."],
    action: "Mở webhook",
  },
  tenant_suspended: {
    subject: "Việc gửi tin của {tenantName} bị tạm dừng",
    body: [
      "Việc gửi tin của {tenantName} bị tạm dừng. Lý do: {reason}",
      "Tin trong hàng chờ vẫn được giữ, không bị mất.",
    ],
    action: "Mở bảng điều khiển",
  },
  tenant_resumed: {
    subject: "Việc gửi tin của {tenantName} đã tiếp tục",
    body: ["{tenantName} đã được mở lại. Các tin đang chờ sẽ được gửi đi."],
    action: "Mở bảng điều khiển",
  },
};
